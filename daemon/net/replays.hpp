// Recently seen handshake keys. A captured first message can be decrypted again, so a replay is
// detected by its ephemeral key and gets no answer.
//
// Bounded: keys expire after ten minutes, and the oldest is evicted when there are too many. Only
// members, and whoever replays their messages, can add keys. Thread: loop. The time is passed in.
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

  // Whether it is new; adds it.
  bool first(const Key& ephemeral, io::Time now);

 private:
  struct Seen {
    io::Time when;
    std::set<Key>::iterator key;
  };

  void forget_oldest();

  // Ordered, because senders choose their keys: a hash table could be made to degenerate.
  std::set<Key> keys_;
  std::deque<Seen> seen_; // oldest first
};

} // namespace p2pd::net
