// Counters of what this node has refused since its start, by cause; `status --json` shows them as
// "refused", and p2pctl(1) explains each. Strangers get no answer, so only these counters show that
// they tried.
// Thread: loop.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace p2pd::net {

enum class Refusal : std::uint8_t {
  // Connections whose other side has not proved that it knows the secret, or has not said hello.
  connections, // the limit of the config or of descriptors was reached: one was evicted, or the new
               // one was not accepted
  crowd,       // too many connections without hello: one was evicted
  address,     // too many connections without hello from one address: one was evicted
  late,        // the handshake and hello were not done in time
  too_long,    // a handshake message was too long
  stranger,    // it does not know the secret
  replay,      // a replayed first message
  // Members.
  record,     // a record was forged, cut off or out of order: the link was closed
  message,    // a message violated the protocol: the link was closed
  rate,       // too many requests: reading from the link was paused, or it was closed
  unread,     // too much unsent data: reading from the link was paused, or it was closed
  requests,   // too many concurrent requests: answered with "busy"; or too many dial-backs: ignored
  identity,   // another machine has the identity of a live link: it was closed
  unfinished, // too much memory for incomplete messages on all links: one link was closed
  last = unfinished
};

class Refusals final {
 public:
  static constexpr std::array<std::string_view, static_cast<std::size_t>(Refusal::last) + 1> names{
      "connections", "crowd",   "address", "late",   "too_long", "stranger", "replay",
      "record",      "message", "rate",    "unread", "requests", "identity", "unfinished"};

  void count(Refusal cause) { ++counts_[static_cast<std::size_t>(cause)]; }
  std::uint64_t of(Refusal cause) const { return counts_[static_cast<std::size_t>(cause)]; }

  template <class Use>
  void each(Use&& use) const {
    for (std::size_t i = 0; i < names.size(); ++i) use(names[i], counts_[i]);
  }

 private:
  std::array<std::uint64_t, names.size()> counts_{};
};

} // namespace p2pd::net
