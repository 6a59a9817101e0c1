// Addresses as the config and the command line write them. parse_* throw std::invalid_argument,
// whose text quotes what was written and says what would be right; nothing is looked up in DNS
// here. Thread: any; values only.
#pragma once

#include "proto/ids.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace p2pd::base {

struct HostPort {
  std::string host; // an IP address, for a dialled one also a host name; never in brackets
  std::uint16_t port = 0;

  auto operator<=>(const HostPort&) const = default;
};

struct TrackerAddress {
  std::optional<proto::PeerId> pinned; // the only peer id that may answer there
  HostPort at;

  auto operator<=>(const TrackerAddress&) const = default;
};

// Where to listen: a numeric IP address and a port, of which 0 lets the system choose.
HostPort parse_listen_address(std::string_view text);

// Where others are dialled: an IP address or a host name, and a port from 1.
HostPort parse_dial_address(std::string_view text);

// "host:port" or "PEERID@host:port".
TrackerAddress parse_tracker_address(std::string_view text);

// The text that the parser of the same type reads back.
std::string to_text(const HostPort& address);
std::string to_text(const TrackerAddress& address);

bool is_loopback(const HostPort& address); // 127.0.0.0/8 or ::1

} // namespace p2pd::base
