// The load generator of the bench of the tracker: many simulated peers in one process, which does
// as tests/bench/tracker_load.py orders.
//
//   tracker-load SOCKET PORT SECRET      the socket to listen on for orders, the tracker's port on
//                                        127.0.0.1, the network's secret in hex

#include "tests/bench/tracker/desk.hpp"

#include <cstdio>
#include <cstdlib>
#include <sodium.h>
#include <sys/resource.h>

namespace {

void raise_descriptors() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

} // namespace

int main(int argc, char** argv) {
  p2pd::proto::noise::Psk secret;
  if (argc != 4 || sodium_init() < 0 || !p2pd::proto::from_hex(argv[3], secret.bytes)) {
    std::fputs("tracker-load: started by tests/bench/tracker_load.py, with SOCKET PORT SECRET\n",
               stderr);
    return 2;
  }
  raise_descriptors();
  p2pd::io::Loop loop;
  bench::Desk desk(loop, argv[1], static_cast<std::uint16_t>(std::atoi(argv[2])), secret);
  loop.run();
  std::_Exit(0); // the links of thousands of peers, and nothing to be kept
}
