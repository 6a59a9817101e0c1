#include "daemon/net/session.hpp"

#include "daemon/io/recycled.hpp"
#include "daemon/net/bulk_image.hpp"
#include "daemon/net/session_set.hpp"
#include "daemon/net/told.hpp"
#include "proto/frame.hpp"

namespace p2pd::net {

namespace {

constexpr std::uint16_t protocol_version = 1;
// Of hello, whose fields have 4,726 bytes at most.
constexpr std::size_t largest_first_frame = 8 * 1024;
// A link that was black for a while is tried again at least this often, counted in its round trips:
// TCP alone doubles its pauses up to two minutes.
constexpr int retransmission_rtts = 4;
constexpr std::size_t most_pings = 1000; // on their way that somebody waits for
// About what it takes to receive, open, seal or send a byte, or a record.
constexpr std::chrono::nanoseconds byte_work{1};
constexpr std::chrono::nanoseconds record_work{1000};

std::uint64_t nanoseconds(io::Time time) {
  return static_cast<std::uint64_t>(std::chrono::nanoseconds(time.time_since_epoch()).count());
}

} // namespace

Session::Session(SessionSet& set, io::Loop& loop, std::unique_ptr<io::Stream> accepted,
                 SessionListener& listener)
    : set_(set)
    , listener_(&listener)
    , flush_(loop, io::bind<&Session::flush>(this))
    , pause_(loop, io::bind<&Session::go_on>(this))
    , channel_(loop, set.channel_deps(), *this, std::move(accepted)) {}

Session::Session(SessionSet& set, io::Loop& loop, const io::Endpoint& to,
                 std::optional<PeerId> expected, SessionListener& listener, std::size_t secret)
    : set_(set)
    , listener_(&listener)
    , expected_(expected)
    , flush_(loop, io::bind<&Session::flush>(this))
    , pause_(loop, io::bind<&Session::go_on>(this))
    , channel_(loop, set.channel_deps(), *this, to, secret, set.segment_size_for(to)) {}

bool Session::admit(const PeerId& id) {
  if (expected_ && *expected_ != id) {
    channel_.close();
    on_closed("it has another key than expected: " + proto::to_text(id));
    return false;
  }
  if (const auto refusal = set_.refusal(*this, id)) {
    channel_.close();
    on_closed(*refusal);
    return false;
  }
  return true;
}

void Session::on_established() {
  remote_ = channel_.remote();
  set_.settled(*this);
  send(set_.hello(*this));
  listener_->on_established(*this);
}

MutableView Session::bulk_space(std::size_t size) {
  const std::size_t left = segment_.length - segment_done_;
  if (left < size || segment_space_.empty()) return {};
  return segment_space_.subspan(segment_done_, size);
}

void Session::on_bulk(std::size_t size) {
  advance_segment(size);
}

void Session::advance_segment(std::size_t bytes) {
  last_heard_ = io::Clock::now();
  segment_done_ += static_cast<std::uint32_t>(bytes);
  payload_received_ += bytes;
  if (segment_done_ < segment_.length) return;
  const proto::Segment whole = std::exchange(segment_, {});
  segment_done_ = 0;
  if (!std::exchange(segment_space_, {}).empty()) listener_->on_segment(*this, whole);
}

void Session::begin_segment(const proto::Segment& segment) {
  if (segment.length == 0 || segment.length > proto::max_segment)
    throw proto::Error("a segment of no legal length");
  segment_ = segment;
  segment_done_ = 0;
  segment_space_ = listener_->segment_space(*this, segment);
}

// A record holds frames, or bulk bytes, never both. It counts besides what is in it, which may be
// nothing.
void Session::on_plaintext(View bytes) {
  last_heard_ = io::Clock::now();
  const auto opening = record_work + bytes.size() * byte_work;
  if (segment_.length == 0)
    take_frames(bytes);
  else if (bytes.size() <= segment_.length - segment_done_)
    advance_segment(bytes.size()); // unwanted: skipped
  else
    return misbehaved("a record runs over the end of its segment");
  account(opening, 0, io::Clock::now());
}

// A frame that is cut off is counted by its room, which is up to twice as much.
void Session::on_kept(std::size_t bytes) {
  const std::size_t now = bytes + (inbox_.empty() ? 0 : inbox_.capacity());
  set_.keeps(std::exchange(unfinished_, now), now);
}

void Session::take_frames(View bytes) try {
  if (!inbox_.empty()) {
    inbox_.insert(inbox_.end(), bytes.begin(), bytes.end());
    bytes = inbox_;
  }
  io::Time begin = io::Clock::now();
  while (!closed_ && !waiting_) {
    const auto payload = proto::front_frame(bytes, ready_ ? proto::max_frame : largest_first_frame);
    if (!payload) break;
    bytes = bytes.subspan(proto::frame_header + payload->size());
    const std::size_t queued_before = queued();
    take(proto::decode(set_.decoder(), *payload));
    if (segment_.length != 0 && !bytes.empty())
      throw proto::Error("a segment does not end its record");
    const io::Time now = io::Clock::now();
    account(now - std::exchange(begin, now), queued() - std::min(queued(), queued_before), now);
  }
  // A frame that comes in many records is not copied for each of them.
  if (bytes.data() != inbox_.data()) inbox_ = Bytes(bytes.begin(), bytes.end());
} catch (const proto::Error& error) {
  misbehaved(error.what());
}

// What draws no answer is heard even where much is queued: two nodes that send each other much at
// once would wait for each other otherwise.
void Session::account(Allowance::Duration took, std::size_t answered, io::Time now) {
  const Allowance::Terms& terms = set_.share().allowance;
  allowance_.charge(took + answered * byte_work, now, terms);
  if (closed_ || waiting_) return;
  const bool unread = answered > 0 && leaves_unread();
  const Allowance::Duration pause = allowance_.pause(now, terms);
  if (!unread && pause == Allowance::Duration::zero()) return;
  refused(unread ? Refusal::unread : Refusal::rate);
  if (allowance_.hopeless(now, terms))
    return close(proto::Reason::busy, "it does not stop asking for more than its share");
  waiting_ = true;
  channel_.pause();
  if (pause > Allowance::Duration::zero()) pause_.once(io::ceil_milliseconds(pause));
}

bool Session::leaves_unread() const {
  return queued() > set_.share().unread;
}

// The pause is over, or some of what was queued has left.
void Session::go_on() {
  if (!waiting_ || held_ || closed_ || pause_.active() || leaves_unread()) return;
  waiting_ = false;
  take_frames({});
  if (!waiting_ && !closed_) channel_.resume();
}

void Session::misbehaved(const std::string& how) {
  refused(Refusal::message);
  close(proto::Reason::bad_request, how);
}

void Session::refused(Refusal why) {
  set_.refusals().count(why);
}

void Session::take(const proto::Message& message) {
  if (!ready_) {
    const auto* hello = std::get_if<proto::Hello>(&message);
    if (hello == nullptr) throw proto::Error("the first message is not hello");
    if (hello->version != protocol_version) throw proto::Error("another protocol version");
    hello_ = *hello;
    info_ = info_of_hello();
    ready_ = true;
    channel_.welcome();
    set_.enter(*this);
    if (closed_ || set_.find(id()) == this) return;
    held_ = waiting_ = true;
    channel_.pause();
  } else if (const auto* ping = std::get_if<proto::Ping>(&message)) {
    send(proto::Pong{ping->nonce});
  } else if (const auto* pong = std::get_if<proto::Pong>(&message)) {
    // The nonce is the time of the ping; any other was not sent on this link.
    const std::uint64_t now = nanoseconds(io::Clock::now());
    if (pong->nonce < nanoseconds(since_) || pong->nonce > now) return;
    rtt_ = std::chrono::nanoseconds(now - pong->nonce);
    owed_since_ = {};
    channel_.bound_retransmission(std::chrono::ceil<io::milliseconds>(retransmission_rtts * *rtt_));
    if (const auto asked = pings_.extract(pong->nonce)) asked.mapped()(rtt_);
  } else if (const auto* goodbye = std::get_if<proto::Goodbye>(&message)) {
    if (sends_into_hole()) note_hole();
    channel_.close();
    farewell_ = *goodbye;
    on_closed("it said goodbye: " + goodbye->why);
  } else if (const auto* segment = std::get_if<proto::Segment>(&message)) {
    begin_segment(*segment);
  } else if (const auto* hello = std::get_if<proto::Hello>(&message)) {
    if (hello->role != hello_.role || hello->instance != hello_.instance)
      throw proto::Error("another hello of another node");
    hello_ = *hello;
    listener_->on_renewed(*this, std::exchange(info_, info_of_hello()));
  } else {
    listener_->on_message(*this, message);
  }
}

void Session::begin() {
  held_ = false;
  ping();
  listener_->on_ready(*this);
  go_on();
}

void Session::succeed(Session& older) {
  if (older.hello_.instance == hello_.instance) older.successor_ = this;
  older.close(proto::Reason::duplicate, "another link to this node stays");
}

void Session::strand() {
  if (closed_) return;
  stranded_ = true;
  const std::string lost = local().host();
  channel_.close();
  on_closed("this machine no longer has the address " + lost);
}

void Session::renew(const proto::Hello& before) {
  proto::Hello now = set_.hello(*this);
  if (proto::Hello::fields(now) != proto::Hello::fields(before)) send(now);
}

void Session::encode(const proto::Message& message) {
  if (outbox_.empty()) outbox_ = io::spare_bytes();
  proto::encode_frame(message, outbox_);
}

void Session::send(const proto::Message& message) {
  if (closed_) return;
  encode(message);
  flush_.schedule();
}

void Session::send_segment(const proto::Segment& segment, MutableView image,
                           std::shared_ptr<const void> owner) {
  if (closed_) return;
  encode(segment);
  payload_sent_ += segment.length;
  Bytes frames = std::exchange(outbox_, {});
  channel_.send(frames, image, segment.length, std::move(owner));
  io::recycle(std::move(frames));
}

void Session::skip(proto::RequestId request) {
  if (segment_.length != 0 && segment_.request == request) segment_space_ = {};
}

void Session::flush() {
  if (closed_ || outbox_.empty() || !channel_.established()) return;
  Bytes frames = std::exchange(outbox_, {});
  channel_.send(frames);
  io::recycle(std::move(frames));
  if (queued() <= set_.share().hopelessly_unread) return;
  refused(Refusal::unread);
  channel_.close(); // without a goodbye, which it would not read either
  on_closed("it does not read what it is sent");
}

bool Session::sends_into_hole() const {
  return ready_ && net::sends_into_hole(channel_.path());
}

bool Session::in_hole() const {
  if (!ready_ || owed_since_ == io::Time()) return sends_into_hole();
  const io::Clock::duration owed = io::Clock::now() - owed_since_;
  return sends_into_hole() || receives_through_hole(channel_.path(), owed);
}

bool Session::note_hole() {
  return !std::exchange(hole_noted_, true) && set_.shrink_segments(*this);
}

void Session::ping() {
  const io::Time now = io::Clock::now();
  if (owed_since_ == io::Time()) owed_since_ = now;
  send(proto::Ping{nanoseconds(now)});
}

void Session::ping(std::function<void(Rtt)> done) {
  if (closed_ || pings_.size() >= most_pings) return done(std::nullopt);
  const std::uint64_t last = pings_.empty() ? 0 : pings_.rbegin()->first;
  const std::uint64_t nonce = std::max(nanoseconds(io::Clock::now()), last + 1);
  pings_.emplace(nonce, std::move(done));
  send(proto::Ping{nonce});
}

Usefulness Session::usefulness() const {
  Usefulness usefulness = listener_->usefulness(*this);
  usefulness.from = Whence(remote());
  return usefulness;
}

void Session::on_sent() {
  listener_->on_sent(*this);
  go_on();
}

void Session::close(proto::Reason reason, const std::string& why) {
  if (closed_) return;
  if (channel_.established()) {
    send(proto::Goodbye{reason, why.substr(0, 255)});
    flush();
  }
  channel_.close();
  on_closed(why);
}

void Session::on_closed(const std::string& cause) {
  if (std::exchange(closed_, true)) return;
  set_.retire(*this);
  const bool turned_away = initiator() && channel_.established() && !ready_ && channel_.hung_up();
  listener_->on_closed(
      *this, turned_away ? "it closed the link when it knew who this node is: it may have banned it"
                         : cause);
  for (const auto& [nonce, done] : std::exchange(pings_, {})) done(std::nullopt);
}

proto::PeerInfo Session::info_of_hello() const {
  proto::PeerInfo info{id(), hello_.name, hello_.site, {}};
  // The address that we see comes first: it is known to reach us, so it may well be reached.
  if (hello_.port != 0) info.addresses.emplace_back(remote().with_port(hello_.port).text());
  for (const proto::Address& address : hello_.addresses) {
    if (!may_be_told(address, remote())) continue;
    const std::string told = without_zone(address);
    const bool known = !info.addresses.empty() && without_zone(info.addresses.front()) == told;
    if (!known && info.addresses.size() < info.addresses.max) info.addresses.emplace_back(told);
  }
  return info;
}

proto::PeerInfo Session::info_for(const Session& asker) const {
  proto::PeerInfo told{info_.id, info_.name, info_.site, {}};
  for (const proto::Address& address : info_.addresses)
    if (may_hand_on(address, remote(), asker.remote()))
      told.addresses.emplace_back(without_zone(address));
  return told;
}

} // namespace p2pd::net
