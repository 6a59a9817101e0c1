// Handlers of a tracker's commands, and what they keep from one call to the next. The dispatcher
// goes before it. Loop thread only.
#pragma once

#include "daemon/control/catalog_stream.hpp"
#include "daemon/control/doctor.hpp"
#include "daemon/control/watchers.hpp"
#include "daemon/tracker/moderator.hpp"

namespace p2pd::control {

class TrackerCommands final {
 public:
  TrackerCommands(Dispatcher& dispatcher, Node& node, tracker::Tracker& tracker,
                  tracker::Moderator& moderator); // binds them
  TrackerCommands(const TrackerCommands&) = delete;
  TrackerCommands& operator=(const TrackerCommands&) = delete;

 private:
  CatalogStreams streams_;
  Watchers watchers_;
  Doctor doctor_;
};

} // namespace p2pd::control
