#include "daemon/control/watch_commands.hpp"

#include "daemon/control/peer_lookup.hpp"

namespace p2pd::control {

namespace {

void tell(Watchers& watchers, const transfer::TransferRow& row) {
  const bool done = row.state == transfer::TransferState::done;
  watchers.tell(done ? EventKind::done : EventKind::failed,
                {{"file", Value{{"name", Value::name(row.request.name)},
                                {"id", proto::to_text(row.request.content)},
                                {"size", row.size}}},
                 {"transfer", row.request.id},
                 {"path", Value::name(row.path)},
                 {"error", done ? Value() : Value(row.failure.message)}});
}

} // namespace

void bind_watch(Dispatcher& dispatcher, Watchers& watchers, tracker::Tracker& tracker) {
  tracker.notices().set_watch([&watchers](const proto::Notice& notice) { watchers.tell(notice); });
  dispatcher.bind("watch", [&watchers](const CallPtr& call) { watchers.add(call); });
}

void bind_watch(Dispatcher& dispatcher, Watchers& watchers, peer::Peer& peer) {
  peer.notices().set_watch([&watchers](const proto::Notice& notice) { watchers.tell(notice); });
  peer.transfers().set_watch(
      [&watchers](const transfer::TransferRow& row) { tell(watchers, row); });
  peer.links().set_watch([&watchers](const proto::PeerInfo& distrusted) {
    watchers.tell(EventKind::distrusted, {{"peer", peer_value(distrusted)}});
  });
  dispatcher.bind("watch", [&watchers](const CallPtr& call) { watchers.add(call); });
}

Watchers::Changed followed_by(peer::Peer& peer) {
  return [&peer](std::uint32_t kinds) {
    peer.notices().want(proto::notices_of(kinds));
    peer.trackers().follow();
  };
}

} // namespace p2pd::control
