#include "daemon/membership/membership.hpp"

#include "daemon/base/log.hpp"
#include "daemon/base/secret_file.hpp"

#include <sodium.h>

namespace p2pd::membership {

namespace {

using base::SecretError;
using proto::ExitCode;
using proto::noise::Psk;

bool equal(proto::View one, proto::View other) {
  return one.size() == other.size() && sodium_memcmp(one.data(), other.data(), one.size()) == 0;
}

// Pool thread. Nothing if the file contains this secret now.
std::optional<Failure> keep_secret(const std::filesystem::path& file, const Psk& secret) {
  try {
    Psk there;
    there.bytes = base::read_secret(file);
    if (equal(there.bytes, secret.bytes)) return std::nullopt;
    return Failure{ExitCode::failed,
                   file.string() + " was created after p2pd started, and contains another secret",
                   "restart p2pd to use it, or remove it and join again"};
  } catch (const SecretError& error) {
    if (error.cause != SecretError::Cause::missing)
      return Failure{ExitCode::failed, error.what(), ""};
  }
  try {
    base::write_secret(file, secret.bytes);
    return std::nullopt;
  } catch (const SecretError& error) {
    return Failure{ExitCode::failed, error.what(), ""};
  }
}

KnownTracker known(const base::TrackerAddress& configured) {
  return {.addresses = {configured.at}, .id = configured.pinned, .configured = true};
}

// Throws std::invalid_argument for an invalid address.
KnownTracker tracker_of(const proto::JoinToken& token) {
  KnownTracker tracker{.addresses = {}, .id = token.tracker, .joined = true};
  for (const proto::Address& address : token.addresses)
    tracker.addresses.push_back(base::parse_dial_address(address));
  return tracker;
}

std::vector<std::string> texts(const std::vector<base::HostPort>& addresses) {
  std::vector<std::string> out;
  for (const base::HostPort& address : addresses) out.push_back(to_text(address));
  return out;
}

} // namespace

Membership::Membership(io::Loop& loop, net::SessionSet& sessions, state::StateDb& state,
                       Trackers& trackers, Bans& bans)
    : loop_(loop)
    , sessions_(sessions)
    , state_(state)
    , trackers_(trackers)
    , bans_(bans)
    , names_(loop, sessions, trackers) {}

void Membership::restore(const std::vector<state::TrackerRecord>& records) {
  std::map<PeerId, KnownTracker> pinned;
  for (const state::TrackerRecord& record : records) {
    const base::HostPort address = base::parse_dial_address(record.address);
    if (record.id)
      pinned[*record.id].addresses.push_back(address);
    else
      trackers_.add({.addresses = {address}, .id = {}, .joined = true});
  }
  for (auto& [id, tracker] : pinned) {
    tracker.id = id;
    tracker.joined = true;
    trackers_.add(tracker);
  }
}

void Membership::configure(const std::vector<base::TrackerAddress>& trackers,
                           const std::filesystem::path& secret_file) {
  secret_file_ = secret_file;
  if (trackers != configured_) {
    for (const base::TrackerAddress& before : std::exchange(configured_, trackers)) {
      if (std::ranges::find(trackers, before) != trackers.end()) continue;
      TrackerLink* const link = trackers_.find(known(before));
      if (link == nullptr) continue;
      if (link->tracker().joined)
        link->unconfigure();
      else
        remove(*link);
    }
    for (const base::TrackerAddress& tracker : trackers) trackers_.add(known(tracker));
  }
  sort_bans();
  if (sessions_.member()) start();
}

void Membership::sort_bans() {
  std::set<PeerId> chosen;
  for (const auto& link : trackers_.links()) {
    if (!link->chosen()) continue;
    const std::optional<PeerId> id = link->remote_id();
    if (!id) return; // it may be one of those whose bans are known
    chosen.insert(*id);
  }
  bans_.keep_those_of(chosen);
}

void Membership::start() {
  trackers_.start();
  names_.start();
}

KnownTracker Membership::remove(TrackerLink& link) {
  KnownTracker gone = link.tracker();
  if (link.session() != nullptr) gone.id = link.session()->id();
  trackers_.remove(link);
  if (gone.id) bans_.forget(*gone.id);
  return gone;
}

void Membership::join(const proto::JoinToken& token, const Done& done, const Refused& refused) {
  KnownTracker tracker;
  try {
    tracker = tracker_of(token);
  } catch (const std::invalid_argument& error) {
    return refused({ExitCode::usage,
                    std::string("the join token contains an invalid address: ") + error.what(),
                    "have a new one made"});
  }
  if (sessions_.member()) {
    const auto& secrets = sessions_.keys().secrets;
    if (std::ranges::any_of(secrets,
                            [&](const Psk& own) { return equal(own.bytes, token.secret.bytes); }))
      return enter(std::move(tracker), done, refused);
    return refused(
        {ExitCode::failed,
         "this node is already in a network, whose secret in " + secret_file_.string() +
             " is not the token's",
         "to leave that network, stop p2pd, remove the file, start p2pd and join again"});
  }
  if (keeping_.running())
    return refused({ExitCode::failed, "another join is under way", "try again when it is done"});
  keeping_ = io::run(
      loop_, [file = secret_file_, secret = token.secret] { return keep_secret(file, secret); },
      [this, tracker, secret = token.secret, done, refused](const std::optional<Failure>& failure) {
        if (failure) return refused(*failure);
        sessions_.set_secrets({secret});
        base::log::info("membership", "joined the network of the tracker {}", to_text(*tracker.id));
        start();
        enter(tracker, done, refused);
      });
}

void Membership::connect(const base::TrackerAddress& address, const Done& done,
                         const Refused& refused) {
  if (!sessions_.member())
    return refused({ExitCode::failed, "this node is in no network",
                    "p2pctl join TOKEN; p2pctl invite on the tracker prints the token"});
  enter({.addresses = {address.at}, .id = address.pinned, .joined = true}, done, refused);
}

void Membership::enter(KnownTracker tracker, const Done& done, const Refused& refused) {
  state_.change(
      state::StateDb::Durable::yes,
      [addresses = texts(tracker.addresses), id = tracker.id](state::StateStore& store) {
        if (id)
          store.replace_tracker(*id, addresses);
        else
          store.put_tracker({addresses.front(), {}});
      },
      [this, tracker, done, refused](const disk::Outcome& outcome) {
        if (!outcome) return refused({ExitCode::failed, outcome.fault().message, ""});
        TrackerLink& link = trackers_.add(tracker);
        trackers_.await(link, [&link, done] { done(link); });
      });
}

// Among the links, in their order.
lookup::ChosenNode Membership::find(std::string_view word) const {
  std::vector<lookup::Node> nodes;
  for (const auto& link : trackers_.links())
    nodes.push_back({.id = link->remote_id(), .addresses = texts(link->tracker().addresses)});
  return lookup::choose_node(
      nodes, word,
      {.several = "trackers",
       .told_apart = "address",
       .none = {ExitCode::not_found, "it knows no tracker " + lookup::quoted(word),
                "p2pctl status lists them"}});
}

void Membership::disconnect(std::string_view word, const Left& left, const Refused& refused) {
  std::vector<TrackerLink*> links;
  for (const auto& link : trackers_.links()) links.push_back(link.get());
  if (!word.empty()) {
    const lookup::ChosenNode chosen = find(word);
    if (const auto* failure = std::get_if<Failure>(&chosen)) return refused(*failure);
    links = {links[std::get<std::size_t>(chosen)]};
  }
  if (links.empty())
    return refused({ExitCode::not_found, "this peer knows no tracker", "p2pctl status lists them"});
  std::vector<KnownTracker> gone;
  for (TrackerLink* const link : links) gone.push_back(remove(*link));
  state_.change(
      state::StateDb::Durable::yes,
      [gone](state::StateStore& store) {
        for (const KnownTracker& tracker : gone) {
          if (tracker.id) store.remove_tracker(*tracker.id);
          for (const std::string& address : texts(tracker.addresses)) store.remove_tracker(address);
        }
      },
      [gone, left, refused](const disk::Outcome& outcome) {
        if (!outcome) return refused({ExitCode::failed, outcome.fault().message, ""});
        left(gone);
      });
}

} // namespace p2pd::membership
