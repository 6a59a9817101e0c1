// Handlers of a peer's commands, and what they keep from one call to the next. The dispatcher goes
// before it. Loop thread only.
#pragma once

#include "daemon/control/catalog_stream.hpp"
#include "daemon/control/copy_waits.hpp"
#include "daemon/control/doctor.hpp"
#include "daemon/control/watchers.hpp"

namespace p2pd::control {

class PeerCommands final {
 public:
  PeerCommands(Dispatcher& dispatcher, Node& node, peer::Peer& peer); // binds them
  PeerCommands(const PeerCommands&) = delete;
  PeerCommands& operator=(const PeerCommands&) = delete;

 private:
  void bind_own(Dispatcher& dispatcher, Node& node, peer::Peer& peer);

  CopyWaits copy_waits_;
  CatalogStreams streams_;
  Watchers watchers_;
  Doctor doctor_;
};

} // namespace p2pd::control
