#include "daemon/net/secure_channel.hpp"

#include "daemon/io/recycled.hpp"
#include "daemon/net/bulk_image.hpp"

#include <algorithm>

namespace p2pd::net {

namespace noise = proto::noise;

namespace {

constexpr std::string_view prologue = "p2pd/1";
constexpr io::milliseconds handshake_time{5000}; // and of hello

static_assert(record_tag == noise::tag_size);
static_assert(ReadBuffer::size >= 2 * (record_length + noise::max_message));

void put_length(std::uint8_t* at, std::size_t length) {
  at[0] = static_cast<std::uint8_t>(length >> 8);
  at[1] = static_cast<std::uint8_t>(length);
}

std::size_t get_length(View at) {
  return std::size_t{at[0]} << 8 | at[1];
}

} // namespace

SecureChannel::SecureChannel(io::Loop& loop, const ChannelDeps& deps, ChannelOwner& owner,
                             std::unique_ptr<io::Stream> accepted)
    : deps_(deps)
    , owner_(owner)
    , initiator_(false)
    , stream_(std::move(accepted))
    , deadline_(std::make_unique<io::Timer>(loop, io::bind<&SecureChannel::on_deadline>(this))) {
  stream_->listen_to(*this);
  stream_->start_reading();
  deadline_->once(handshake_time);
}

SecureChannel::SecureChannel(io::Loop& loop, const ChannelDeps& deps, ChannelOwner& owner,
                             const io::Endpoint& to, std::size_t secret, int segment)
    : deps_(deps)
    , owner_(owner)
    , initiator_(true)
    , stream_(std::make_unique<io::Stream>(loop, io::Stream::Family::tcp))
    , handshake_(std::make_unique<noise::Handshake>(noise::Role::initiator, deps.keys.identity,
                                                    deps.keys.secrets.at(secret),
                                                    proto::view(prologue)))
    , deadline_(std::make_unique<io::Timer>(loop, io::bind<&SecureChannel::on_deadline>(this))) {
  stream_->listen_to(*this);
  deadline_->once(handshake_time);
  stream_->connect(to, segment);
}

void SecureChannel::on_connected(std::error_code failure) {
  if (closed_) return;
  if (failure) return fail(failure.message());
  connected_ = true;
  stream_->start_reading();
  if (!write_handshake(noise::offer(deps_.aes))) fail("the handshake failed");
}

std::span<std::uint8_t> SecureChannel::read_buffer() {
  const MutableView whole = deps_.buffer.bytes();
  const MutableView space =
      established() ? whole : whole.first(record_length + noise::max_handshake_message);
  std::copy(cut_off_.begin(), cut_off_.end(), space.begin());
  return space.subspan(cut_off_.size());
}

void SecureChannel::on_read(std::size_t bytes) {
  take(deps_.buffer.bytes().first(cut_off_.size() + bytes));
}

void SecureChannel::take(MutableView input) {
  while (!closed_ && !paused_ && input.size() >= record_length) {
    const std::size_t length = get_length(input);
    if (!established() && length > noise::max_handshake_message)
      return refuse(Refusal::too_long, "a handshake message is too long");
    if (input.size() - record_length < length) break;
    if (!on_record(input.subspan(record_length, length))) return;
    input = input.subspan(record_length + length);
  }
  if (closed_) return;
  cut_off_.assign(input.begin(), input.end());
  owner_.on_kept(cut_off_.size());
}

void SecureChannel::pause() {
  paused_ = true;
  stream_->stop_reading();
}

void SecureChannel::resume() {
  paused_ = false;
  Bytes held = std::exchange(cut_off_, {});
  take(held);
  if (!paused_ && !closed_) stream_->start_reading();
}

bool SecureChannel::on_record(MutableView record) {
  if (!established()) {
    const bool went_on = on_handshake(record);
    if (!went_on && !closed_)
      refuse(Refusal::stranger, "the handshake failed: another network secret, or no p2pd");
    return went_on;
  }
  if (record.size() < noise::tag_size) {
    refuse(Refusal::record, "a record is too short");
    return false;
  }
  const std::size_t size = record.size() - noise::tag_size;
  const MutableView space = owner_.bulk_space(size);
  const MutableView plain = space.empty() ? record.first(size) : space;
  if (!opener_->open(plain, record)) {
    refuse(Refusal::record, "a record was forged or damaged");
    return false;
  }
  if (space.empty())
    owner_.on_plaintext(plain);
  else
    owner_.on_bulk(size);
  return !closed_;
}

// Message 1: with which secret?
std::optional<std::size_t> SecureChannel::begin_answer(View message, MutableView payload) {
  std::optional<std::size_t> length;
  for (const noise::Psk& secret : deps_.keys.secrets) {
    handshake_ = std::make_unique<noise::Handshake>(noise::Role::responder, deps_.keys.identity,
                                                    secret, proto::view(prologue));
    if ((length = handshake_->read_message(message, payload))) break;
  }
  if (!length || deps_.replays.first(*handshake_->remote_ephemeral(), io::Clock::now()))
    return length;
  refuse(Refusal::replay, "a first message was sent a second time");
  return std::nullopt;
}

bool SecureChannel::on_handshake(View message) {
  const bool first = handshake_ == nullptr;
  std::array<std::uint8_t, noise::max_handshake_payload> space;
  const auto length =
      first ? begin_answer(message, space) : handshake_->read_message(message, space);
  if (!length) return false;
  const View payload = View(space).first(*length);
  const std::optional<noise::Suite> suite = first        ? noise::choose(payload, deps_.aes)
                                            : initiator_ ? noise::taken(payload, deps_.aes)
                                                         : suite_;
  if (!suite) return false;
  suite_ = *suite;
  if (const auto& id = handshake_->remote_static()) {
    remote_id_ = *id;
    if (!owner_.admit(remote_id_)) return false;
  }
  const Bytes answer = initiator_ ? Bytes() : noise::chosen(suite_);
  if (!handshake_->done() && !write_handshake(answer)) return false;
  if (handshake_->done()) establish();
  return !closed_;
}

bool SecureChannel::write_handshake(View payload) {
  std::array<std::uint8_t, noise::max_handshake_message> message;
  const auto length = handshake_->write_message(payload, message);
  if (!length) return false;
  Bytes record(record_length);
  put_length(record.data(), *length);
  record.insert(record.end(), message.begin(),
                message.begin() + static_cast<std::ptrdiff_t>(*length));
  stream_->write(std::move(record));
  return true;
}

void SecureChannel::establish() {
  noise::CipherPair ciphers = handshake_->split();
  sealer_ = std::make_unique<cipher::RecordCipher>(std::move(ciphers.send), suite_);
  opener_ = std::make_unique<cipher::RecordCipher>(std::move(ciphers.receive), suite_);
  handshake_.reset();
  owner_.on_established();
}

void SecureChannel::seal_records(View plaintext, Bytes& out) {
  while (!plaintext.empty()) {
    const std::size_t size = std::min(plaintext.size(), noise::max_plaintext);
    const std::size_t at = out.size();
    out.resize(at + record_length + size + record_tag);
    put_length(out.data() + at, size + record_tag);
    const MutableView sealed = MutableView(out).subspan(at + record_length);
    if (!sealer_->seal(sealed, plaintext.first(size))) return fail("the cipher is spent");
    plaintext = plaintext.subspan(size);
  }
}

void SecureChannel::send(View plaintext) {
  send(plaintext, {}, 0, nullptr);
}

void SecureChannel::send(View plaintext, MutableView image, std::size_t size,
                         std::shared_ptr<const void> owner) {
  if (closed_) return;
  Bytes head = io::spare_bytes();
  head.reserve(plaintext.size() + record_length + record_tag);
  seal_records(plaintext, head);
  each_payload(image, size, [&](MutableView payload) {
    put_length(payload.data() - record_length, payload.size() + record_tag);
    const MutableView sealed(payload.data(), payload.size() + record_tag);
    if (!closed_ && !sealer_->seal(sealed, payload)) fail("the cipher is spent");
  });
  if (!closed_)
    stream_->write(std::move(head), image.first(bulk_image_size(size)), std::move(owner));
}

void SecureChannel::on_written() {
  if (!closed_ && established()) owner_.on_sent();
}

void SecureChannel::on_end(std::error_code failure) {
  hung_up_ = true;
  fail(io::is_end_of_stream(failure) ? "the connection was closed" : failure.message());
}

void SecureChannel::on_deadline() {
  const std::string cause =
      established() ? "no hello came in time" : "the handshake was not done in time";
  if (initiator_) return fail(cause); // it is this node that was not answered
  refuse(Refusal::late, cause);
}

void SecureChannel::close() {
  closed_ = true;
  if (deadline_ != nullptr) deadline_->stop();
  stream_->stop_reading();
}

void SecureChannel::refuse(Refusal why, const std::string& cause) {
  if (!closed_) deps_.refusals.count(why);
  fail(cause);
}

void SecureChannel::fail(const std::string& cause) {
  if (closed_) return;
  close();
  owner_.on_closed(cause);
}

} // namespace p2pd::net
