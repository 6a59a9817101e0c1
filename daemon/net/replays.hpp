// The ephemeral keys of the first messages that came of late. A first message that was captured on
// the wire opens again, so who sends one twice is found out by its key and gets no answer.
//
// Bounded: what is older than ten minutes is forgotten, and so is the oldest when there are too
// many. Only who knows the secret, or repeats what such a one has sent, adds to it.
// Thread: loop. The time is passed in.
#pragma once

#include "daemon/io/loop.hpp"
#include "proto/noise_keys.hpp"

#include <deque>
#include <set>

namespace p2pd::net {

class Replays final {
 public:
  using Key = proto::noise::PublicKey;
  static constexpr std::chrono::minutes memory{10};
  static constexpr std::size_t most = 65'536; // about 8 MiB

  // Whether it comes for the first time; it is known from then on.
  bool first(const Key& ephemeral, io::Time now);

 private:
  struct Seen {
    io::Time when;
    std::set<Key>::iterator key;
  };

  void forget_oldest();

  // Ordered, since who sends keys may choose them: a hash table could be made to degenerate.
  std::set<Key> keys_;
  std::deque<Seen> seen_; // the oldest first
};

} // namespace p2pd::net
