#include "tests/bench/tracker/catalog_frames.hpp"

namespace bench {

namespace proto = p2pd::proto;

namespace {

// Answers are counted, so one id will do for all requests.
constexpr proto::RequestId request{1};

// splitmix64: spreads a number over all bits.
std::uint64_t spread(std::uint64_t number) {
  number += 0x9e3779b97f4a7c15;
  number = (number ^ number >> 30) * 0xbf58476d1ce4e5b9;
  number = (number ^ number >> 27) * 0x94d049bb133111eb;
  return number ^ number >> 31;
}

} // namespace

proto::ContentId content(std::size_t number) {
  proto::ContentId id;
  for (std::size_t at = 0; at < id.size; at += sizeof(std::uint64_t)) {
    const std::uint64_t word = spread(number * 4 + at / sizeof word);
    std::memcpy(id.bytes.data() + at, &word, sizeof word);
  }
  return id;
}

std::string name_of(std::size_t content) {
  const std::string digits = std::to_string(content);
  return "content-" + std::string(6 - std::min<std::size_t>(6, digits.size()), '0') + digits +
         ".bin";
}

void publish(std::size_t number, bool claim, proto::Bytes& out) {
  proto::Publish message;
  message.request = request;
  message.content = content(number);
  message.name.bytes = name_of(number);
  message.size = 10 << 20;
  message.chunk_size = 512 << 10;
  message.claim = claim;
  message.whole = true;
  proto::encode_frame(message, out);
}

void unpublish(std::size_t number, proto::Bytes& out) {
  proto::encode_frame(proto::Unpublish{request, content(number)}, out);
}

void locate(std::size_t number, proto::Bytes& out) {
  proto::encode_frame(proto::Locate{request, content(number)}, out);
}

void list(std::string_view pattern, proto::Bytes& out) {
  proto::encode_frame(proto::ListFiles{request, std::string(pattern), {}}, out);
}

} // namespace bench
