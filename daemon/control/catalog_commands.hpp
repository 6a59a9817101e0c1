// Handlers of the commands that ask the catalog, for either role. Loop thread only.
#pragma once

#include "daemon/control/catalog_stream.hpp"
#include "daemon/control/dispatcher.hpp"
#include "daemon/peer/peer.hpp"
#include "daemon/tracker/tracker.hpp"

namespace p2pd::control {

void bind_catalog(Dispatcher& dispatcher, CatalogStreams& streams, const tracker::Tracker& tracker);
void bind_catalog(Dispatcher& dispatcher, CatalogStreams& streams, peer::Peer& peer);

// What people should know about answers of trackers: who did not give any. "" where all did.
std::string warning_of(const membership::Trackers& trackers,
                       const membership::Survey::Silent& silent);

} // namespace p2pd::control
