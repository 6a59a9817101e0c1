// What every handler may look at, whatever the role: this node. Owned by the app.
#pragma once

#include "daemon/base/config.hpp"
#include "daemon/control/dispatcher.hpp"
#include "daemon/disk/outcome.hpp"
#include "daemon/net/session_set.hpp"

namespace p2pd::control {

struct Node {
  const base::Config& config;
  io::Loop& loop;
  net::SessionSet& sessions;
  std::vector<std::string> listen; // the real addresses
  std::function<void()> shut_down;
  using Reloaded = std::function<void(const disk::Result<base::ConfigChanges>&)>;
  std::function<void(Reloaded)> reload;
  io::Time started = io::Clock::now();
};

// Binds the commands that either role has.
void bind_common(Dispatcher& dispatcher, Node& node);

// status' fields that either role has.
Value status_of(const Node& node);

// Rows and cells that several commands share.
Value publishers_value(const proto::CatalogEntry& entry);
Value file_value(const proto::CatalogEntry& entry);
Value peer_value(const net::Session& session);
double milliseconds_of(io::Clock::duration duration);
std::string timestamp(std::int64_t unix_seconds); // RFC 3339
std::string timestamp(io::Time time);

} // namespace p2pd::control
