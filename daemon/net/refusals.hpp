// What this node has refused since its start, counted by cause; `status --json` shows it under
// "refused". A stranger is never told, so this is where people see that there are some.
// Thread: loop.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace p2pd::net {

enum class Refusal : std::uint8_t {
  // Connections, before the other side has proved that it knows the secret.
  connections, // as many as the config, or the process' descriptors, allow: not taken
  crowd,       // as many handshakes open as there may be: one of them made way
  address,     // the same, of those from one address
  late,        // the handshake was not done in time
  too_long,    // more was sent than a handshake has
  stranger,    // what was sent does not fit the secret
  replay,      // a first message that has been seen before
  // Members.
  record,     // a record was forged, cut off or out of order: the link was closed
  message,    // a message was not as the protocol has it: the link was closed
  rate,       // more came than one may ask: the link was read no further for a moment, or closed
  unread,     // so much waits to be sent that the link was read no further, or closed
  requests,   // more was asked for at once than may be: it was answered with "busy"
  identity,   // another live link uses its identity
  unfinished, // what it had begun to send took more room than there is for that: it made way
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
