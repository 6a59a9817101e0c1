// Announces to a BitTorrent tracker on 127.0.0.1 by UDP (BEP 15): what p2pd's tracker is compared
// with. Neither encrypted nor authenticated, one packet each way, as many under way as its socket
// holds.
#pragma once

#include <cstddef>
#include <cstdint>

namespace bench {

// How many it answered in that time. Blocks. There are 256 info hashes: each byte, twenty times.
// Throws std::runtime_error when it does not answer.
std::uint64_t announce_udp(std::uint16_t port, double seconds);

} // namespace bench
