// What a member of the network may send once its records open: frames, and messages in them. A
// message that is read is written again and stays the same.
#include "tests/fuzz/target.hpp"

#include "proto/error.hpp"
#include "proto/frame.hpp"
#include "proto/message.hpp"

using namespace p2pd::proto;
using p2pd::fuzz::require;

namespace {

Decoder decoder;

void read_message(View payload) try {
  const Message message = decode(decoder, payload);
  Bytes frame;
  encode_frame(message, frame);
  require(frame.size() <= frame_header + payload.size()); // ours is the shortest form
  const Message again = decode(decoder, View(frame).subspan(frame_header));
  require(again.index() == message.index() && !title(again).empty());
  Bytes frame_again;
  encode_frame(again, frame_again);
  require(frame == frame_again);
} catch (const Error&) {
}

void read_stream(View stream) try {
  while (const auto payload = front_frame(stream)) {
    require(!payload->empty() && payload->size() <= max_frame);
    read_message(*payload);
    stream = stream.subspan(frame_header + payload->size());
  }
} catch (const Error&) {
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  read_stream({data, size});
  read_message({data, size});
  if (size > frame_header) read_message(View(data, size).subspan(frame_header));
  return 0;
}
