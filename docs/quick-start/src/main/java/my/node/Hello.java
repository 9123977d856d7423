package my.node;

import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.Message;
import io.softclose.net.Network;
import io.softclose.net.ProtocolId;
import io.softclose.net.SendResult;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;

public final class Hello {
    private static final ProtocolId CHAT = ProtocolId.of(64, "chat");

    public static void main(String[] args) throws IOException {
        try (Network bob = Network.builder()
                        .transport("nio")
                        .plaintext()
                        .closePolicy("graceful")
                        .handle(CHAT, (from, message) -> System.out.println("bob has " + message))
                        .build();
                Network alice = Network.builder()
                        .transport("nio")
                        .plaintext()
                        .closePolicy(new PatientPolicy())
                        .support(CHAT)
                        .build()) {
            SocketAddress address = bob.listen(new InetSocketAddress("127.0.0.1", 0)).localAddress();
            Connection connection = alice.dial(bob.peerId(), address).opened().toCompletableFuture().join();
            Message hello = Message.of(CHAT, 0, "hello".getBytes(StandardCharsets.UTF_8));
            SendResult sent = connection.send(hello);
            CloseReport report = connection.close().toCompletableFuture().join();
            System.out.println(sent + ", then " + report.ending() + "; lossless: " + report.lossless());
        }
    }
}
