#include "daemon/tracker/tracker.hpp"

#include "daemon/base/log.hpp"
#include "proto/reconcile.hpp"

namespace p2pd::tracker {

namespace log = base::log;

namespace {

// A row with twenty publishers takes up to 12 KB; a page of these fits well into a frame.
constexpr std::size_t page_rows = 64;
constexpr std::size_t page_peers = 20; // up to 5 KB each
constexpr std::size_t page_bytes = 512 * 1024;
constexpr std::size_t page_contents = 200;
constexpr std::size_t most_sources = 50; // in one answer

// Twice the longest back-off of a peer.
constexpr std::chrono::minutes grace{1};

log::Fields fields_of(const net::Session& session) {
  return {{"peer", to_text(session.id())}};
}

} // namespace

Tracker::Tracker(io::Loop& loop, std::chrono::milliseconds peer_timeout)
    : peer_timeout_(peer_timeout)
    , catalog_([this](const PeerId& id) { return registry_.publisher(id); })
    , absent_(loop, grace) {}

void Tracker::on_ready(net::Session& session) {
  if (session.hello().role != proto::Role::peer)
    session.close(proto::Reason::refused, "trackers do not talk to each other");
}

void Tracker::on_message(net::Session& session, const proto::Message& message) {
  std::visit([&](const auto& m) { take(session, m); }, message);
}

void Tracker::on_closed(net::Session& session, const std::string& cause) {
  if (session.successor() != nullptr) return hand_over(session, *session.successor());
  if (registry_.holds(session))
    log::info("tracker", fields_of(session), "{} left: {}", session.hello().name, cause);
  else if (session.ready())
    log::debug("tracker", "{} closed: {}", session.hello().name, cause);
  const auto& farewell = session.farewell();
  const bool left = farewell && farewell->reason == proto::Reason::leaving;
  forget(session, left ? NoticeKind::peer_left : NoticeKind::peer_lost);
}

// The same process has a new link: it has not left, so nobody is notified. It reports changes by
// reconcile.
void Tracker::hand_over(const net::Session& session, net::Session& successor) {
  if (!registry_.holds(session)) return;
  log::info("tracker", fields_of(successor), "{} is at {} now", successor.hello().name,
            successor.remote().text());
  registry_.enter(successor);
  notices_.hand_over(successor);
  answer_nobody(session.id());
}

void Tracker::forget(const net::Session& session, NoticeKind why) {
  if (!registry_.holds(session)) return;
  const PeerId id = session.id();
  registry_.leave(id);
  if (why == NoticeKind::peer_lost) absent_.put(id, catalog_.told_by(id));
  catalog_.drop(id);
  notices_.forget(session);
  notices_.tell(why, session);
  answer_nobody(id);
}

void Tracker::answer_nobody(const PeerId& peer) {
  for (auto asked = asked_.lower_bound({peer, {}});
       asked != asked_.end() && asked->first.first == peer;
       asked = asked_.lower_bound({peer, {}})) {
    const Answer answer = std::move(asked->second);
    asked_.erase(asked);
    answer(nullptr);
  }
}

void Tracker::require_member(const net::Session& session) const {
  if (!registry_.has(session.id())) throw proto::Error("not registered");
}

void Tracker::take(net::Session& from, const proto::Register& message) {
  const bool is_new = !registry_.has(from.id());
  registry_.enter(from);
  if (is_new) {
    log::info("tracker", fields_of(from), "{} came from {}", from.hello().name,
              from.remote().text());
    notices_.tell(NoticeKind::peer_came, from);
  }
  from.send(bans_.message()); // first, so that it dials no banned node
  proto::Registered answer{.request = message.request, .observed = {}, .timeout_s = {}};
  answer.observed = from.remote().in_zone(0).text();
  answer.timeout_s = static_cast<std::uint32_t>(peer_timeout_.count() / 1000);
  from.send(answer);
}

void Tracker::take(net::Session& from, const proto::Leave& message) {
  forget(from, NoticeKind::peer_left);
  from.send(proto::Done{message.request});
}

void Tracker::take(net::Session& from, const proto::Publish& message) {
  require_member(from);
  try {
    tell(from, catalog_.publish(from.id(), message, net::Whence(from.remote())), message.content);
    from.send(proto::Done{message.request});
  } catch (const proto::Error& error) {
    from.send(proto::Failed{message.request, proto::Reason::refused, error.what()});
  }
}

void Tracker::take(net::Session& from, const proto::Unpublish& message) {
  const auto offer = catalog_.offer(from.id(), message.content);
  catalog_.unpublish(from.id(), message.content);
  if (offer) notices_.tell(NoticeKind::withdrawn, from, offer);
  from.send(proto::Done{message.request});
}

void Tracker::take(net::Session& from, const proto::ListFiles& message) {
  Catalog::Page page = catalog_.list(message.pattern, message.cursor, page_rows);
  proto::Listing answer;
  answer.request = message.request;
  answer.files.assign(page.rows.begin(), page.rows.end());
  answer.next = std::move(page.next);
  from.send(answer);
}

void Tracker::take(net::Session& from, const proto::Resolve& message) {
  proto::Resolved answer;
  answer.request = message.request;
  const std::vector<CatalogEntry> rows = catalog_.find(message.word, page_rows);
  answer.files.assign(rows.begin(), rows.end());
  for (const PeerId& id : registry_.find(message.word))
    if (answer.peers.size() < page_peers) answer.peers.push_back(registry_.describe(id, from));
  from.send(answer);
}

void Tracker::take(net::Session& from, const proto::Locate& message) {
  proto::Located answer;
  answer.request = message.request;
  const std::string& site = from.hello().site;
  const auto near = [&](const PeerId& id) {
    return !site.empty() && registry_.members().at(id)->hello().site == site;
  };
  for (const auto& [id, whole] :
       catalog_.sample(message.content, from.id(), near, most_sources, chance_))
    answer.sources.push_back({registry_.describe(id, from), whole});
  from.send(answer);
}

void Tracker::take(net::Session& from, const proto::HaveBatch& message) {
  require_member(from);
  for (const proto::Arrived& arrived : message.arrived)
    tell(from, catalog_.arrived(from.id(), arrived), arrived.content);
}

void Tracker::tell(const net::Session& from, const Catalog::Change& change,
                   const ContentId& content, std::optional<io::Time> since) const {
  if (change.claimed)
    notices_.tell(NoticeKind::published, from, catalog_.offer(from.id(), content), since);
  if (change.completed)
    notices_.tell(NoticeKind::fetched, from, catalog_.offer(from.id(), content), since);
}

void Tracker::take(net::Session& from, const proto::Reconcile& message) {
  require_member(from);
  const std::size_t groups = message.digests.size();
  if (groups == 0) throw proto::Error("no digest to compare");
  // What it had announced before its link was lost; or, if this link replaced another one before
  // that was noticed, what is still in the catalog.
  const Absent::Told absent = absent_.take(from.id());
  const bool listed = absent.told.empty();
  const std::vector<proto::Publish> told = listed ? catalog_.told_by(from.id()) : absent.told;
  const auto digests = proto::digests_of(told, groups);
  std::vector<bool> differ(groups);
  for (std::size_t i = 0; i < groups; ++i) differ[i] = digests[i] != message.digests[i];
  for (const proto::Publish& one : told) {
    const std::size_t group = proto::group_of(one.content, groups);
    try {
      // Those who already followed when the link was lost know these contents.
      if (!listed && !differ[group])
        tell(from, catalog_.publish(from.id(), one, net::Whence(from.remote())), one.content,
             absent.since);
      if (listed && differ[group]) catalog_.unpublish(from.id(), one.content);
    } catch (const proto::Error&) {
      differ[group] = true; // others contradict it by now, which the peer has to learn
    }
  }
  proto::Reconciled answer{message.request, {}};
  for (std::size_t i = 0; i < groups; ++i)
    if (differ[i]) answer.differ.push_back(static_cast<std::uint8_t>(i));
  from.send(answer);
}

void Tracker::take(net::Session& from, const proto::Unreachable& message) {
  require_member(from);
  const auto peer = registry_.members().find(message.peer);
  if (peer == registry_.members().end()) return;
  if (!dial_backs_.take(from.remote().network(), message.peer, io::Clock::now()))
    return from.refused(net::Refusal::requests);
  peer->second->send(proto::DialBack{registry_.describe(from.id(), *peer->second)});
}

void Tracker::take(net::Session& from, const proto::Follow& message) {
  require_member(from);
  notices_.follow(from, message.kinds);
}

void Tracker::take(net::Session& from, const proto::Chunks& message) {
  proto::ChunkMap answer = catalog_.chunk_map(message.content, message.cursor, page_bytes);
  answer.request = message.request;
  from.send(answer);
}

void Tracker::take(net::Session& from, const proto::Discover& message) {
  const auto peer = registry_.members().find(message.peer);
  if (peer == registry_.members().end())
    return from.send(proto::Failed{message.request, proto::Reason::not_found, "it is not here"});
  proto::Shared answer = catalog_.shared_by(message.peer, message.cursor, page_contents);
  answer.request = message.request;
  answer.peer = peer->second->info_for(from);
  from.send(answer);
}

// A peer that is not connected, or is lost meanwhile, is not alive; the asker has its own timeout
// if no answer comes.
void Tracker::take(net::Session& from, const proto::RelayPing& message) {
  const auto peer = registry_.members().find(message.peer);
  if (peer == registry_.members().end())
    return from.send(proto::Relayed{message.request, false, 0});
  peer->second->ping(
      [this, asker = &from, id = from.id(), request = message.request](net::Session::Rtt rtt) {
        const auto still = registry_.members().find(id);
        if (still == registry_.members().end() || still->second != asker) return;
        const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(
            rtt.value_or(io::Clock::duration::zero()));
        asker->send(
            proto::Relayed{request, rtt.has_value(), static_cast<std::uint32_t>(micros.count())});
      });
}

void Tracker::ask(const PeerId& peer, proto::Discover question, Answer answer) {
  const auto member = registry_.members().find(peer);
  if (member == registry_.members().end()) return answer(nullptr);
  question.request = proto::RequestId{next_request_++};
  asked_.emplace(std::pair(peer, question.request), std::move(answer));
  member->second->send(question);
}

// An answer that nobody waits for is ignored.
template <class Given>
void Tracker::answer(const net::Session& from, const Given& message) {
  auto asked = asked_.extract({from.id(), message.request});
  if (asked.empty()) return;
  const proto::Message given = message;
  asked.mapped()(&given);
}

template <class Other>
void Tracker::take(net::Session& from, const Other& message) {
  const std::string why = "a tracker does not answer " + std::string(message.title);
  if constexpr (requires { message.request; })
    from.send(proto::Failed{message.request, proto::Reason::bad_request, why});
  else
    throw proto::Error(why);
}

} // namespace p2pd::tracker
