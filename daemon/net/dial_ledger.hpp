// Which of the addresses that others told may be dialled now. What the network tells is data: one
// member may name any machine, as often as it likes, in anybody's name. So an attempt costs the one
// who told of it, at every address, and a bit more at one address; whoever is reached gives that
// back. And an address at which no member of this network was found is left alone for growing
// times.
//
// Pure policy: the time is passed in and never goes back. A value; loop thread, as its owner's.
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

  // A tracker tells of 50 sources at a time (p2p-protocol(7)), which may all be behind one router,
  // and all be dead. Four a second more are what a fetch that asks every few seconds can need.
  static constexpr int most_of_one = 128; // attempts that one who tells has open, or in vain
  static constexpr Duration of_one = std::chrono::milliseconds(250); // after which one is forgotten
  static constexpr int most_at_one = 64; // likewise, at one address of those that it tells
  static constexpr Duration at_one = std::chrono::seconds(1);
  // Nothing listens there: it may be on its way up.
  static constexpr Duration first_silence{std::chrono::milliseconds(500)};
  static constexpr Duration longest_silence{std::chrono::seconds(10)};
  // Something listens that is no member of this network, or has no place for this node.
  static constexpr Duration first_strangeness{std::chrono::seconds(1)};
  static constexpr Duration longest_strangeness{std::chrono::minutes(10)};
  static constexpr std::size_t most_remembered = 4096; // of each kind

  enum class Answer : std::uint8_t {
    yes,
    later,    // nobody was found there lately
    at_one,   // who told of it has told of too much at that address
    too_many, // or of too much in all
  };
  // `teller`: the network() of the address at which who told of it is seen.
  Answer may_dial(const io::Endpoint& to, std::uint64_t teller, io::Time now) const;

  enum class Outcome : std::uint8_t {
    reached,
    withdrawn, // another way was quicker
    other,     // a member is there, and not the one that was told
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
  using Pair = std::pair<std::uint64_t, std::uint64_t>; // networks of the teller and of the target

  void failed(const io::Endpoint& to, Outcome outcome, io::Time now);
  void forget(io::Time now); // what is past, where there is much of it

  std::unordered_map<std::string, Target> targets_; // by io::Endpoint::text()
  std::unordered_map<std::uint64_t, Debt> tellers_;
  std::map<Pair, Debt> pairs_;
};

} // namespace p2pd::net
