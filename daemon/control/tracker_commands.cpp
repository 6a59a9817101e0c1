#include "daemon/control/tracker_commands.hpp"

#include "daemon/control/catalog_commands.hpp"
#include "daemon/control/chunk_commands.hpp"
#include "daemon/control/discover_commands.hpp"
#include "daemon/control/member_commands.hpp"
#include "daemon/control/ping_commands.hpp"
#include "daemon/control/watch_commands.hpp"

namespace p2pd::control {

TrackerCommands::TrackerCommands(Dispatcher& dispatcher, Node& node, tracker::Tracker& tracker,
                                 tracker::Moderator& moderator)
    : streams_(node.loop), watchers_([](std::uint32_t) {}), doctor_(node, tracker) {
  bind_members(dispatcher, node, tracker, moderator);
  dispatcher.bind("status", [&](const CallPtr& call) {
    Value status = status_of(node);
    status.set("trackers", Value::Array{});
    status.set("peers", tracker.registry().members().size());
    status.set("contents", tracker.catalog().contents());
    status.set("bans", tracker.bans().size());
    call->ok(std::move(status));
  });

  dispatcher.bind("peers", [&](const CallPtr& call) {
    Value::Array peers;
    for (const auto& [id, session] : tracker.registry().members())
      peers.push_back(peer_value(*session));
    call->ok({{"peers", std::move(peers)}});
  });
  bind_catalog(dispatcher, streams_, tracker);
  bind_chunks(dispatcher, tracker);
  bind_discover(dispatcher, node, tracker);
  dispatcher.bind("doctor", [this](const CallPtr& call) { doctor_.examine(call); });
  bind_ping(dispatcher, node, tracker);
  bind_watch(dispatcher, watchers_, tracker);
}

} // namespace p2pd::control
