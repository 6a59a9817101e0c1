#include "daemon/control/member_commands.hpp"

#include "proto/join_token.hpp"

namespace p2pd::control {

namespace {

using proto::PeerId;

// Whom a word means: an id, and the name that goes with it where that is known.
struct Meant {
  PeerId id;
  std::string name;
};

Value value_of(const Meant& meant, const char* state) {
  return {{"name", Value::name(meant.name)}, {"id", to_text(meant.id)}, {"state", state}};
}

void invite(const CallPtr& call, const Node& node) {
  const net::Standing standing = net::standing(node.sessions.whereabouts());
  const bool meant = std::ranges::all_of(node.sessions.self().listening, &io::Endpoint::loopback);
  if (standing.addresses.empty() || (standing.scope == net::Scope::machine && !meant))
    return call->error({ExitCode::failed,
                        "no token would be of use to another machine: " + standing.lack,
                        standing.remedy + ", and run p2pctl invite again"});
  proto::JoinToken token{node.sessions.id(), node.sessions.keys().secrets.front(), {}};
  Value::Array addresses;
  for (const std::string& address : standing.addresses) {
    if (token.addresses.size() == token.addresses.max) break;
    token.addresses.emplace_back(address);
    addresses.emplace_back(address);
  }
  call->ok({{"token", to_text(token)},
            {"addresses", std::move(addresses)},
            {"warning", standing.lack.empty() ? "" : standing.lack + "; " + standing.remedy}});
}

// One of those that the word may mean; else answers and returns nothing.
std::optional<Meant> only_one(const CallPtr& call, const std::vector<Meant>& found,
                              const ControlError& none) {
  if (found.size() == 1) return found.front();
  if (found.empty()) {
    call->error(none);
    return std::nullopt;
  }
  std::string list;
  for (const Meant& each : found)
    list +=
        (list.empty() ? "" : ", ") + proto::printable(each.name) + " (" + to_text(each.id) + ')';
  call->error({ExitCode::failed,
               '"' + proto::printable(call->text("peer")) + "\" is several peers: " + list,
               "name one by its id"});
  return std::nullopt;
}

ControlError nobody(const CallPtr& call, const std::string& what, const std::string& remedy) {
  return {ExitCode::not_found, '"' + proto::printable(call->text("peer")) + "\" is " + what,
          remedy};
}

std::vector<Meant> registered(const tracker::Registry& registry, std::string_view word) {
  std::vector<Meant> found;
  for (const PeerId& id : registry.find(word)) found.push_back({id, registry.publisher(id).name});
  return found;
}

disk::StateDb::Done answer(const CallPtr& call, const Meant& meant, const char* state) {
  return [call, meant, state](const disk::Outcome& outcome) {
    if (outcome) return call->ok(value_of(meant, state));
    call->error({ExitCode::failed, outcome.fault().message, ""});
  };
}

void kick(const CallPtr& call, const tracker::Tracker& tracker, tracker::Moderator& moderator) {
  const auto meant = only_one(call, registered(tracker.registry(), call->text("peer")),
                              nobody(call, "no peer that is here", "p2pctl peers lists them"));
  if (!meant) return;
  moderator.kick(meant->id);
  call->ok(value_of(*meant, "kicked"));
}

void ban(const CallPtr& call, const Node& node, tracker::Tracker& tracker,
         tracker::Moderator& moderator) {
  std::vector<Meant> found = registered(tracker.registry(), call->text("peer"));
  if (const auto id = proto::peer_id(call->text("peer")); id && found.empty())
    found.push_back({*id, ""}); // who is away
  const auto meant = only_one(call, found,
                              nobody(call, "no peer that is here",
                                     "p2pctl peers lists them; ban who is away by the whole id"));
  if (!meant) return;
  if (meant->id == node.sessions.id())
    return call->error({ExitCode::failed, "this is the tracker itself", "name one of its peers"});
  if (tracker.bans().size() >= tracker::BanList::max)
    return call->error({ExitCode::failed,
                        std::to_string(tracker::BanList::max) + " peers are banned already",
                        "change the network's secret instead, see p2pd(8)"});
  moderator.ban(meant->id, meant->name, answer(call, *meant, "banned"));
}

void unban(const CallPtr& call, tracker::Tracker& tracker, tracker::Moderator& moderator) {
  std::vector<Meant> found;
  for (const disk::BanRecord& record : tracker.bans().find(call->text("peer")))
    found.push_back({record.id, record.name});
  const auto meant = only_one(
      call, found,
      nobody(call, "not banned here", "p2pctl bans lists who is, by id and by the name of then"));
  if (meant) moderator.lift(meant->id, answer(call, *meant, "allowed"));
}

void bans(const CallPtr& call, const tracker::BanList& list) {
  Value::Array rows;
  for (const auto& [id, record] : list.all())
    rows.push_back({{"name", Value::name(record.name)},
                    {"id", to_text(id)},
                    {"since", timestamp(record.since)}});
  call->ok({{"bans", std::move(rows)}});
}

} // namespace

void bind_members(Dispatcher& dispatcher, Node& node, tracker::Tracker& tracker,
                  tracker::Moderator& moderator) {
  dispatcher.bind("invite", [&](const CallPtr& call) { invite(call, node); });
  dispatcher.bind("kick", [&](const CallPtr& call) { kick(call, tracker, moderator); });
  dispatcher.bind("ban", [&](const CallPtr& call) { ban(call, node, tracker, moderator); });
  dispatcher.bind("unban", [&](const CallPtr& call) { unban(call, tracker, moderator); });
  dispatcher.bind("bans", [&](const CallPtr& call) { bans(call, tracker.bans()); });
}

} // namespace p2pd::control
