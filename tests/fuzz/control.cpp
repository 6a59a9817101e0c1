// What a client may send to the control socket, and what p2pctl would make of it as an answer.
#include "tests/fuzz/target.hpp"

#include "proto/control/commands.hpp"
#include "proto/control/control_messages.hpp"
#include "proto/error.hpp"

using namespace p2pd::proto;
using p2pd::fuzz::require;

namespace {

Decoder decoder;

template <class Decode>
void read(View payload, Decode decode_one) try {
  const auto first = decode_one(decoder, payload);
  Bytes frame;
  encode_frame(first, frame);
  const auto second = decode_one(decoder, View(frame).subspan(frame_header));
  Bytes frame_again;
  encode_frame(second, frame_again);
  require(frame == frame_again);
} catch (const Error&) {
}

void read_params(View payload) try {
  const ControlRequest request = decode_request(decoder, payload);
  const Command* command = find_command(request.command);
  if (command == nullptr) return;
  if (misfit(*command, request.params)) return;
  for (const Parameter& argument : command->arguments)
    require(!argument.required || !request.params[argument.name].is_null());
} catch (const Error&) {
}

void read_error(View payload) try {
  const ControlError error = ControlError::from(decode_reply(decoder, payload).body);
  require(error.code != ExitCode::done);
} catch (const Error&) {
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  View payload(data, size);
  if (size > frame_header) payload = payload.subspan(frame_header); // seeds are frames
  read(payload, decode_request);
  read(payload, decode_reply);
  read_params(payload);
  read_error(payload);
  return 0;
}
