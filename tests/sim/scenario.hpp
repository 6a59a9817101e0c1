// A scenario as it stands in its file: one statement a line, `#` begins a comment.
//
//   content 32MiB [chunk 512KiB]
//   wire latency 0.2ms [buffer 100ms] [quantum 16KiB] [between-sites 5ms] [congestion off]
//   site NAME up 20Mbit down 20Mbit
//   hosts NAME COUNT up 20Mbit down 20Mbit [seeds] [slots 16] [site NAME] [joins 0s..5s]
//         [leaves 10s..20s] [mutes 10s..20s]
//   lacks rarest-first | races | holds | refusals | window=4
//   order in-order
//   seed 1
//   within last 1.25 | copies 1.15 | crossing 1.1 | median 1.5
//
// Rates are bits a second by Mbit and Gbit, bytes a second by MB and GB. What lies between two
// moments or more is spread evenly over the hosts. `within` is what has to hold: the last host's
// time over the bound, what the seeders sent over the content's size, what went into any site over
// that, and the last host over the median one. Errors: std::runtime_error with the line's number.
#pragma once

#include "daemon/swarm/fetcher.hpp"
#include "tests/sim/network.hpp"

#include <iosfwd>
#include <optional>
#include <string>

namespace p2pd::sim {

struct Moments { // since the start
  Duration first{};
  Duration last{};
};

struct Group { // of hosts that are alike
  std::string name;
  std::uint32_t count = 0;
  Rates rates;
  bool seeds = false;
  std::uint32_t slots = 16;
  std::uint32_t site = 0;
  Moments joins;
  std::optional<Moments> leaves; // for good, and without a word
  std::optional<Moments> mutes;  // takes requests from then on, and answers none
};

struct Within {
  std::optional<double> last, copies, crossing, median;
};

struct Scenario {
  std::string title; // its first comment
  swarm::Extent content{0, 512 * 1024};
  Wire wire;
  std::vector<std::pair<std::string, Rates>> sites{{"", {}}}; // the first one is everybody's
  std::vector<Group> groups;
  swarm::Handicap handicap;
  bool no_holds = false;
  swarm::Order order = swarm::Order::rarest_first;
  std::uint64_t seed = 1;
  Within within;

  std::uint32_t chunks() const {
    return static_cast<std::uint32_t>((content.size + content.chunk_size - 1) / content.chunk_size);
  }
};

Scenario read_scenario(std::istream& text);
Scenario load_scenario(const std::string& path);

} // namespace p2pd::sim
