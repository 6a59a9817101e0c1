#include "daemon/control/member_commands.hpp"

#include "daemon/io/resolver.hpp"
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

bool is_loopback(const std::string& address) {
  const auto endpoint = io::Endpoint::parse(address);
  return endpoint && endpoint->loopback();
}

// Those in the config first, then where it listens: at each address of the machine, where it
// listens at all of a family. Loopback addresses only where there is nothing else.
std::vector<std::string> dialable_addresses(const Node& node) {
  std::vector<std::string> addresses;
  for (const base::HostPort& address : node.config.advertise) addresses.push_back(to_text(address));
  for (const std::string& listen : node.listen) {
    const io::Endpoint at = *io::Endpoint::parse(listen);
    if (!at.unspecified()) addresses.push_back(listen);
    for (const io::Endpoint& own : io::interface_addresses(at.port()))
      if (at.unspecified() && own.v6() == at.v6() && !own.link_local())
        addresses.push_back(own.text());
  }
  if (!std::ranges::all_of(addresses, is_loopback)) std::erase_if(addresses, is_loopback);
  std::vector<std::string> unique;
  for (std::string& address : addresses)
    if (std::ranges::find(unique, address) == unique.end() &&
        unique.size() < decltype(proto::JoinToken::addresses)::max)
      unique.push_back(std::move(address));
  return unique;
}

void invite(const CallPtr& call, const Node& node) {
  const std::vector<std::string> addresses = dialable_addresses(node);
  const bool local = std::ranges::all_of(addresses, is_loopback);
  proto::JoinToken token{node.sessions.id(), node.sessions.keys().secrets.front(), {}};
  token.addresses.assign(addresses.begin(), addresses.end());
  call->ok({{"token", to_text(token)},
            {"addresses", Value::Array(addresses.begin(), addresses.end())},
            {"warning", local ? "it holds loopback addresses alone, so it is good on this machine "
                                "only; set [network] advertise or listen"
                              : ""}});
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
