// Addresses as written in the config and on the command line. parse_* throw std::invalid_argument
// with a message that quotes the input and says what is valid. Nothing is resolved here. Thread:
// any; values only.
#pragma once

#include "proto/ids.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace p2pd::base {

struct HostPort {
  std::string host; // an IP address, or a host name if it is dialled; without brackets
  std::uint16_t port = 0;

  auto operator<=>(const HostPort&) const = default;
};

struct TrackerAddress {
  std::optional<proto::PeerId> pinned; // the only peer id that may answer there
  HostPort at;

  auto operator<=>(const TrackerAddress&) const = default;
};

// An address to listen on: a numeric IP address and a port; with port 0 the system chooses.
HostPort parse_listen_address(std::string_view text);

// An address to dial: an IP address or host name, and a port from 1.
HostPort parse_dial_address(std::string_view text);

// "host:port" or "PEERID@host:port".
TrackerAddress parse_tracker_address(std::string_view text);

// The inverse of the parser of the same type.
std::string to_text(const HostPort& address);
std::string to_text(const TrackerAddress& address);

bool is_loopback(const HostPort& address); // 127.0.0.0/8 or ::1

} // namespace p2pd::base
