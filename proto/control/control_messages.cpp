#include "proto/control/control_messages.hpp"

#include "proto/error.hpp"

#include <array>

namespace p2pd::proto {

namespace {

constexpr std::array<std::string_view, 3> kinds{"ok", "error", "event"};

ReplyKind reply_kind(std::string_view word) {
  for (std::size_t i = 0; i < kinds.size(); ++i)
    if (kinds[i] == word) return static_cast<ReplyKind>(i);
  throw Error("an unknown kind of reply");
}

void encode(std::uint64_t id, std::string_view word, const Value& body, Bytes& out,
            std::size_t cap) {
  FrameWriter frame(out);
  Encoder encoder(out);
  encoder.array(3);
  encoder.natural(id);
  encoder.str(word);
  put(encoder, body);
  frame.close(cap);
}

} // namespace

Value ControlError::value() const {
  return {{"code", static_cast<std::uint64_t>(code)}, {"message", message}, {"remedy", remedy}};
}

ControlError ControlError::from(const Value& body) {
  const std::uint64_t code = body["code"].natural();
  if (code == 0 || code > 255) throw Error("an invalid error code");
  return {static_cast<ExitCode>(code), body["message"].text(), body["remedy"].text()};
}

void encode_frame(const ControlRequest& request, Bytes& out) {
  encode(request.id, request.command, request.params, out, max_frame);
}

void encode_frame(const ControlReply& reply, Bytes& out) {
  encode(reply.id, kinds[static_cast<std::size_t>(reply.kind)], reply.body, out, max_reply);
}

ControlRequest decode_request(Decoder& decoder, View payload) {
  decoder.open(payload);
  decoder.array_of(3);
  ControlRequest request;
  request.id = decoder.natural();
  request.command = decoder.str(64);
  get(decoder, request.params);
  decoder.finish();
  return request;
}

ControlReply decode_reply(Decoder& decoder, View payload) {
  decoder.open(payload, {.tokens = max_reply, .depth = 16});
  decoder.array_of(3);
  ControlReply reply;
  reply.id = decoder.natural();
  reply.kind = reply_kind(decoder.str(16));
  get(decoder, reply.body);
  decoder.finish();
  return reply;
}

} // namespace p2pd::proto
