// When to try which of a node's addresses: RFC 8305 (Happy Eyeballs), section 5. A pure decision:
// addresses and the time go in, the next attempt comes out. A value; any thread.
//
// The first attempt starts at once, the next one when an attempt has failed or a delay has passed.
// IPv6 and IPv4 alternate; addresses of directly connected networks come first. The RFC recommends
// 250 ms between attempts and allows 10 ms: here the delay starts with 250 ms and is halved each
// time, down to 10 ms. A reachable node costs one attempt, and with 14 dead addresses the fifteenth
// is tried after 0.6 s; with constant 250 ms it would be 3.5 s.
//
// Two connections to one node would displace each other there. So when an attempt has authenticated
// the node, the others are withdrawn; they become due again if it fails.
#pragma once

#include "daemon/io/loop.hpp"

#include <optional>
#include <vector>

namespace p2pd::net {

class DialSchedule final {
 public:
  static constexpr io::milliseconds first_delay{250};
  static constexpr io::milliseconds least_delay{10};
  // The time limit of an attempt: two lost packets of its connection request or handshake.
  static constexpr io::milliseconds patience{3000};
  static constexpr std::size_t most_at_once = 16; // as many addresses as a node may announce

  struct Candidate {
    std::size_t rank = 0; // lower ranks are tried first
    bool v6 = false;
    bool near = false; // reached without a router
  };

  explicit DialSchedule(io::Time begin = {}) : next_(begin), late_(begin + first_delay) {}

  void add(const Candidate& candidate) { entries_.push_back({candidate}); } // numbered from 0

  // The attempt to start now, which then counts as started. Ask until there is none. `crowd`: many
  // attempts are running on this machine, so only one at a time.
  std::optional<std::size_t> due(io::Time now, bool crowd = false);
  // An attempt that has timed out, which then counts as failed. Likewise.
  std::optional<std::size_t> expired(io::Time now);
  void restarted(std::size_t which, io::Time now) { entries_[which].until = now + patience; }
  void failed(std::size_t which, io::Time now);
  // It has reached the node. The other running attempts are withdrawn: drop them.
  std::vector<std::size_t> proved(std::size_t which, io::Time now);
  bool has_proved() const { return proved_.has_value(); }

  // True once: the first attempt has failed or is slow, so other ways should be tried as well.
  bool falls_behind(io::Time now);
  // When to ask again; nothing if there is nothing to wait for.
  std::optional<io::Time> wake() const;
  bool exhausted() const; // every candidate has failed

 private:
  enum class State : std::uint8_t { waiting, running, failed };
  struct Entry {
    Candidate candidate;
    State state = State::waiting;
    io::Time until{}; // its deadline while it runs
  };
  std::size_t running() const;
  bool may_start() const { return !proved_ && running() < most_at_once; }
  std::optional<std::size_t> best() const;

  std::vector<Entry> entries_;
  std::optional<std::size_t> proved_;
  io::Time next_; // no attempt starts earlier
  io::milliseconds delay_ = first_delay;
  bool last_v6_ = false; // so that IPv6 is first among equal ranks
  bool started_ = false;
  std::optional<io::Time> late_; // cleared once reported
};

} // namespace p2pd::net
