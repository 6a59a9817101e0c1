#include "tests/bench/tracker/member.hpp"

#include "proto/frame.hpp"

#include <stdexcept>

namespace bench {

Member::Member(const Surroundings& around, std::size_t number, const proto::noise::Psk& secret)
    : around_(around), number_(number), keys_{proto::noise::generate_key_pair(), {secret}} {}

void Member::dial(const io::Endpoint& tracker) {
  inbox_.clear();
  const net::ChannelDeps deps{keys_, around_.buffer, around_.replays, around_.refusals};
  net::ChannelOwner& owner = *this; // the base is private
  channel_ = std::make_unique<net::SecureChannel>(around_.loop, deps, owner, tracker);
}

void Member::on_established() {
  proto::Hello hello;
  hello.name = "bench-" + std::to_string(number_);
  hello.agent = "p2pd/bench";
  hello.port = 7440;
  proto::Bytes frames;
  proto::encode_frame(hello, frames);
  proto::encode_frame(proto::Register{proto::RequestId{1}}, frames);
  say(frames, 1);
}

void Member::say(proto::View frames, std::size_t answers) {
  due_ += answers;
  channel_->send(frames);
}

void Member::on_plaintext(proto::View bytes) {
  if (!inbox_.empty()) {
    inbox_.insert(inbox_.end(), bytes.begin(), bytes.end());
    bytes = inbox_;
  }
  while (const auto payload = proto::front_frame(bytes)) {
    bytes = bytes.subspan(proto::frame_header + payload->size());
    on_frame(*payload);
  }
  inbox_ = proto::Bytes(bytes.begin(), bytes.end());
}

// A message is a short msgpack array that begins with its type, a number below 128: the second
// byte.
void Member::on_frame(proto::View payload) {
  switch (payload[1]) {
  case proto::Ping::type: {
    proto::Decoder decoder;
    const auto ping = std::get<proto::Ping>(proto::decode(decoder, payload));
    proto::Bytes frame;
    proto::encode_frame(proto::Pong{ping.nonce}, frame);
    return channel_->send(frame);
  }
  case proto::Done::type:
  case proto::Registered::type:
  case proto::Listing::type:
  case proto::Located::type:
    return on_answer();
  case proto::Failed::type:
    throw std::runtime_error("the tracker refused a request");
  default:
    return; // hello, ban, goodbye
  }
}

void Member::on_answer() {
  if (due_ == 0) throw std::runtime_error("an answer to no question");
  if (--due_ > 0) return;
  if (ready_) return around_.owner.on_answered(*this);
  ready_ = true;
  around_.owner.on_ready(*this);
}

void Member::on_closed(const std::string&) {
  due_ = 0;
  around_.owner.on_lost(*this, std::exchange(ready_, false));
}

} // namespace bench
