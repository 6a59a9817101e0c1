#include "daemon/peer/tracker_link.hpp"

#include "daemon/base/log.hpp"

namespace p2pd::peer {

namespace log = base::log;

namespace {

// Doubles from try to try. The jitter spreads the peers of a tracker that comes back.
constexpr io::milliseconds first_delay{250};
constexpr io::milliseconds longest_delay{30'000};

} // namespace

TrackerLink::TrackerLink(io::Loop& loop, net::SessionSet& sessions, const Library& library,
                         base::TrackerAddress address, io::Bound<void()> connected)
    : sessions_(sessions)
    , library_(library)
    , address_(std::move(address))
    , connected_(connected)
    , dialer_(loop, sessions, *this)
    , retry_(loop, io::bind<&TrackerLink::dial>(this))
    , delay_(first_delay) {}

void TrackerLink::start() {
  dial();
}

void TrackerLink::stop() {
  stopped_ = true;
  retry_.stop();
  dialer_.give_up();
}

void TrackerLink::dial() {
  dialer_.reach({address_.at}, address_.pinned);
}

void TrackerLink::retry_later() {
  if (stopped_) return;
  const auto jitter = std::uniform_int_distribution<long>(0, delay_.count() / 2)(random_);
  retry_.once(delay_ / 2 + io::milliseconds(jitter));
  delay_ = std::min(delay_ * 2, longest_delay);
}

void TrackerLink::on_unreachable(const std::string& cause) {
  if (cause_ != cause)
    log::warn("trackers", "{} is not to be reached: {}", to_text(address_), cause);
  cause_ = cause;
  retry_later();
}

void TrackerLink::on_reached(net::Session& session) {
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
    delay_ = first_delay;
    log::info("trackers", "connected to {}", to_text(address_));
    announce_all();
    connected_();
  });
}

void TrackerLink::announce_all() {
  library_.each([this](const Item& item) {
    for (proto::Publish& message : announcements(item))
      ask(std::move(message), [](const proto::Message*) {});
  });
}

void TrackerLink::on_message(net::Session&, const proto::Message& message) {
  std::visit(
      [&](const auto& m) {
        if constexpr (requires { m.request; })
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

void TrackerLink::on_closed(net::Session&, const std::string& cause) {
  session_ = nullptr;
  if (state_ == State::connected) {
    state_ = State::connecting;
    log::warn("trackers", "lost {}: {}", to_text(address_), cause);
  }
  cause_ = cause;
  for (auto& [request, answer] : std::exchange(answers_, {})) answer(nullptr);
  retry_later();
}

std::vector<proto::Publish> announcements(const Item& item) {
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

} // namespace p2pd::peer
