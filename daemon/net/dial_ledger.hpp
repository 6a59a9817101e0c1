// Which of the addresses that other nodes announced may be dialled now. Announcements are
// untrusted: a member may name any machine, as often as it likes, in anybody's name. So each
// attempt counts against the node that announced the address, in total and per target address, and
// is refunded when a member is reached. An address where no member of this network was found is
// retried with increasing delays.
//
// Pure policy: the time is passed in and never goes back. A value; on its owner's thread, the
// loop's.
#pragma once

#include "daemon/io/endpoint.hpp"
#include "daemon/net/debt.hpp"

#include <map>
#include <string>
#include <unordered_map>

namespace p2pd::net {

class DialLedger final {
 public:
  using Duration = io::Clock::duration;

  // A tracker announces up to 50 sources at a time (p2p-protocol(7)), which may all be behind one
  // router and all be dead. Four more a second are enough for a fetch that asks every few seconds.
  static constexpr int most_of_one = 128; // open and failed attempts per announcer
  static constexpr Duration of_one =
      std::chrono::milliseconds(250);    // after which one of them is forgotten
  static constexpr int most_at_one = 64; // likewise, per announcer and target address
  static constexpr Duration at_one = std::chrono::seconds(1);
  // Nothing listens there: the node may be starting.
  static constexpr Duration first_silence{std::chrono::milliseconds(500)};
  static constexpr Duration longest_silence{std::chrono::seconds(10)};
  // Something listens that is not a member of this network, or is full.
  static constexpr Duration first_strangeness{std::chrono::seconds(1)};
  static constexpr Duration longest_strangeness{std::chrono::minutes(10)};
  static constexpr std::size_t most_remembered = 4096; // of each kind

  enum class Answer : std::uint8_t {
    yes,
    later,    // nobody was found there recently
    at_one,   // the announcer's limit for that address is reached
    too_many, // the announcer's total limit is reached
  };
  // `teller`: the network() of the announcer's address as seen from here.
  Answer may_dial(const io::Endpoint& to, std::uint64_t teller, io::Time now) const;

  enum class Outcome : std::uint8_t {
    reached,
    withdrawn, // another attempt was faster
    other,     // a member is there, but not the announced one
    silent,
    stranger,
  };
  void began(const io::Endpoint& to, std::uint64_t teller, io::Time now);
  void ended(const io::Endpoint& to, std::uint64_t teller, Outcome outcome, io::Time now);

 private:
  struct Target {
    unsigned failures = 0;
    io::Time until{};
  };
  using Pair =
      std::pair<std::uint64_t, std::uint64_t>; // networks of the announcer and of the target

  void failed(const io::Endpoint& to, Outcome outcome, io::Time now);
  void forget(io::Time now); // expired entries, if there are many

  std::unordered_map<std::string, Target> targets_; // by io::Endpoint::text()
  std::unordered_map<std::uint64_t, Debt> tellers_;
  std::map<Pair, Debt> pairs_;
};

} // namespace p2pd::net
