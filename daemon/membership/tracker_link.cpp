#include "daemon/membership/tracker_link.hpp"

#include "daemon/base/log.hpp"
#include "proto/reconcile.hpp"

namespace p2pd::membership {

namespace log = base::log;

namespace {

constexpr io::milliseconds proof_time{1500};

} // namespace

TrackerLink::TrackerLink(const TrackerDeps& deps, KnownTracker tracker, io::Bound<void()> connected)
    : deps_(deps)
    , tracker_(std::move(tracker))
    , connected_(connected)
    , dialer_(deps.loop, deps.sessions, *this, net::Purpose::tracker)
    , retry_(deps.loop, io::bind<&TrackerLink::dial>(this))
    , proof_(deps.loop, io::bind<&TrackerLink::on_no_proof>(this)) {}

void TrackerLink::start() {
  running_ = true;
  dial();
}

void TrackerLink::stop() {
  running_ = false;
  retry_.stop();
  proof_.stop();
  dialer_.give_up();
}

void TrackerLink::leave() {
  stop();
  if (session_ != nullptr) session_->close(proto::Reason::leaving, "disconnected");
  settle();
}

void TrackerLink::put_first(const std::vector<base::HostPort>& addresses) {
  std::vector<base::HostPort>& all = tracker_.addresses;
  for (const base::HostPort& address : addresses) std::erase(all, address);
  all.insert(all.begin(), addresses.begin(), addresses.end());
}

void TrackerLink::learn(const KnownTracker& more) {
  const bool was_chosen = chosen();
  if (more.id) tracker_.id = more.id;
  tracker_.configured |= more.configured;
  tracker_.joined |= more.joined;
  if (more.configured || more.joined) tracker_.found.reset(); // no longer just discovered
  put_first(more.addresses);
  dial_now();
  if (!was_chosen && chosen() && state_ == State::connected)
    register_here(); // and receive its bans
}

// Chosen by a user, directly or by a name that leads to it.
bool TrackerLink::chosen() const {
  return tracker_.configured || tracker_.joined || tracker_.found;
}

std::optional<PeerId> TrackerLink::remote_id() const {
  return tracker_.id || session_ == nullptr ? tracker_.id : session_->id();
}

void TrackerLink::dial_now() {
  if (session_ != nullptr || !running_) return;
  retry_.stop();
  backoff_.reset();
  dial();
}

void TrackerLink::prove_alive() {
  if (session_ == nullptr || proof_.active()) return;
  proof_.once(proof_time);
  session_->ping([this](net::Session::Rtt rtt) {
    if (rtt) proof_.stop();
  });
}

void TrackerLink::on_no_proof() {
  if (session_ != nullptr)
    session_->close(proto::Reason::leaving, "its name leads elsewhere, and it does not answer");
}

void TrackerLink::when_settled(std::function<void()> call) {
  settled_.push_back(std::move(call));
  if (state_ == State::connected) settle();
}

void TrackerLink::settle() {
  for (const auto& call : std::exchange(settled_, {})) call();
}

void TrackerLink::dial() {
  dialer_.reach(tracker_.addresses, tracker_.id);
}

void TrackerLink::retry_later() {
  if (!running_) return;
  retry_.once(backoff_.next());
}

// Another node at the tracker's address may be its successor or an impostor: a user has to decide.
void TrackerLink::on_unreachable(const std::string& cause) {
  std::string now = cause;
  // Trackers behind the name that are already connected are not the cause.
  for (const net::Attempt& attempt : dialer_.attempts())
    if (!attempt.who || deps_.sessions.find(*attempt.who) == nullptr) now = attempt.error;
  const auto& impostor = dialer_.impostor();
  if (impostor)
    now =
        fmt::format("{} has another key than this tracker, {} and not {}; if the tracker was made "
                    "anew, {}",
                    impostor->at.text(), to_text(impostor->id), to_text(*tracker_.id),
                    tracker_.configured ? "correct [peer] trackers"
                                        : "join it again with a new token of its p2pctl invite");
  state_ = impostor ? State::refused : State::connecting;
  if (cause_ != now && impostor && !tracker_.found)
    log::error("trackers", "{} is refused: {}", to_text(address()), now);
  else if (cause_ != now)
    log::warn("trackers", "{} cannot be reached: {}", to_text(address()), now);
  cause_ = std::move(now);
  attempts_ = dialer_.attempts();
  retry_later();
  settle();
}

void TrackerLink::on_reached(net::Session& session) {
  put_first({dialer_.address()});
  adopt(session);
}

void TrackerLink::adopt(net::Session& session) {
  running_ = true;
  session_ = &session;
  session.listen_to(*this);
  if (session.hello().role != proto::Role::tracker)
    return session.close(proto::Reason::refused, "it is a peer, not a tracker");
  register_here();
}

void TrackerLink::register_here() {
  ask(proto::Register{}, [this](const proto::Message* answer) {
    if (answer == nullptr) return;
    if (!std::holds_alternative<proto::Registered>(*answer)) {
      state_ = State::refused;
      return session_->close(proto::Reason::refused, "it did not register this node");
    }
    state_ = State::connected;
    cause_.clear();
    attempts_.clear();
    log::info("trackers", "connected to {}", to_text(address()));
    if (deps_.notices.wanted() != 0) tell(proto::Follow{deps_.notices.wanted()});
    announce_all();
    connected_();
    settle();
  });
}

// After a broken link, the tracker may still know most of it, and also things that are gone.
void TrackerLink::announce_all() {
  std::vector<proto::Publish> all;
  deps_.library.each([&](const library::Item& item) {
    for (proto::Publish& message : announcements(item)) all.push_back(std::move(message));
  });
  const std::size_t groups = proto::group_count(std::max<std::size_t>(all.size(), 1));
  ask(proto::Reconcile{{}, proto::digests_of(std::move(all), groups)},
      [this, groups](const proto::Message* answer) {
        const auto* told = answer ? std::get_if<proto::Reconciled>(answer) : nullptr;
        if (told != nullptr) announce({told->differ.begin(), told->differ.end()}, groups);
      });
}

void TrackerLink::announce(const std::set<std::size_t>& which, std::size_t groups) {
  if (which.empty()) return;
  deps_.library.each([&](const library::Item& item) {
    if (!which.contains(proto::group_of(item.id, groups))) return;
    for (proto::Publish& message : announcements(item))
      publish(std::move(message), [](const proto::Message*) {});
  });
}

void TrackerLink::publish(proto::Publish message, Answer answer) {
  ask(message, [this, id = message.content, name = message.name.bytes,
                answer = std::move(answer)](const proto::Message* said) {
    const auto* failed = said ? std::get_if<proto::Failed>(said) : nullptr;
    if (failed != nullptr)
      note_refusal(id, name, *failed);
    else
      refused_.erase(id);
    answer(said);
  });
}

// Logs one line for all refusals with the same reason.
void TrackerLink::note_refusal(const ContentId& content, const std::string& name,
                               const proto::Failed& failed) {
  const std::string why = proto::printable(failed.why);
  refused_[content] = why;
  if (std::exchange(told_refusal_, why) != why)
    log::warn("trackers",
              "{} does not list {}: {}; p2pctl status shows everything it does not list",
              to_text(address()), disk::in_quotes(name), why);
}

void TrackerLink::on_message(net::Session& session, const proto::Message& message) {
  std::visit(
      [&](const auto& m) {
        if constexpr (std::is_same_v<decltype(m), const proto::Ban&>) {
          if (chosen()) deps_.bans.take(session.id(), m);
        } else if constexpr (std::is_same_v<decltype(m), const proto::Discover&>)
          session.send(deps_.inventory.answer(m));
        else if constexpr (std::is_same_v<decltype(m), const proto::Notice&>)
          deps_.notices.take(session.id(), m, io::Clock::now());
        else if constexpr (std::is_same_v<decltype(m), const proto::DialBack&>)
          deps_.dial_back(net::Told(m.peer, session.remote()));
        else if constexpr (requires { m.request; })
          answer(m.request, message);
        else
          throw proto::Error("a tracker does not send " + std::string(m.title));
      },
      message);
}

void TrackerLink::answer(proto::RequestId request, const proto::Message& message) {
  auto waiting = answers_.extract(request);
  if (!waiting.empty()) waiting.mapped()(&message);
}

// If another machine with this node's identity took over the link, back-off is not reset:
// redialling at once would take it over in turn.
void TrackerLink::on_closed(net::Session& session, const std::string& cause) {
  session_ = nullptr;
  proof_.stop();
  const auto& farewell = session.farewell();
  const bool rival = farewell && (farewell->reason == proto::Reason::duplicate ||
                                  farewell->reason == proto::Reason::cloned);
  if (state_ == State::connected) {
    log::warn("trackers", "lost {}: {}", to_text(address()), cause);
    if (!rival) backoff_.reset();
  }
  if (farewell && farewell->reason == proto::Reason::cloned)
    turned_away(*farewell);
  else {
    if (state_ == State::connected) state_ = State::connecting;
    cause_ = cause;
  }
  for (auto& [request, answer] : std::exchange(answers_, {})) answer(nullptr);
  refused_.clear();
  retry_later();
  settle();
}

void TrackerLink::turned_away(const proto::Goodbye& farewell) {
  state_ = State::cloned;
  std::string now = fmt::format("another machine at {} uses this node's identity; remove "
                                "identity.key here",
                                proto::printable(farewell.why));
  if (cause_ != now) log::error("trackers", "{} is taken: {}", to_text(address()), now);
  cause_ = std::move(now);
}

std::vector<proto::Publish> announcements(const library::Item& item) {
  std::vector<proto::Publish> messages;
  for (const auto& [name, claimed] : item.names) {
    proto::Publish message;
    message.content = item.id;
    message.name.bytes = name;
    message.size = item.size;
    message.chunk_size = item.chunk_size;
    message.claim = claimed;
    message.whole = item.have.full();
    if (!message.whole) message.have.bits = item.have.bits();
    messages.push_back(std::move(message));
  }
  return messages;
}

} // namespace p2pd::membership
