module my.node {
    requires io.softclose.net;
}
