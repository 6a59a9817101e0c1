#include "proto/control/control_messages.hpp"

#include "tests/unit/proto_support.hpp"

namespace p2pd::proto {
namespace {

template <class Sent>
Bytes payload_of(const Sent& sent) {
  Bytes frame;
  encode_frame(sent, frame);
  const auto payload = front_frame(frame, max_reply);
  return {payload->begin(), payload->end()};
}

ControlRequest request_of(View payload) {
  Decoder decoder;
  return decode_request(decoder, payload);
}
ControlReply reply_of(View payload) {
  Decoder decoder;
  return decode_reply(decoder, payload);
}
std::string request_refusal(View payload) {
  return refusal([&] { request_of(payload); });
}
std::string reply_refusal(View payload) {
  return refusal([&] { reply_of(payload); });
}

TEST(Control, RequestsRoundTrip) {
  for (const Value& params : {Value(), Value(Value::Object{}), Value{{"path", "/a"}, {"n", 3U}}}) {
    const ControlRequest back = request_of(payload_of(ControlRequest{77, "publish", params}));
    EXPECT_EQ(back.id, 77U);
    EXPECT_EQ(back.command, "publish");
    EXPECT_EQ(back.params, params);
  }
}

TEST(Control, RepliesRoundTrip) {
  for (const ReplyKind kind : {ReplyKind::ok, ReplyKind::error, ReplyKind::event}) {
    const Value body{{"done_bytes", 5U}};
    const ControlReply back = reply_of(payload_of(ControlReply{~std::uint64_t{0}, kind, body}));
    EXPECT_EQ(back.id, ~std::uint64_t{0});
    EXPECT_EQ(back.kind, kind);
    EXPECT_EQ(back.body, body);
  }
}

TEST(Control, RequestsOfAnotherShapeAreRefused) {
  EXPECT_EQ(request_refusal(raw("93 01 a161 c0")), "");
  EXPECT_EQ(request_refusal(raw("92 01 a161")), "a field is missing");
  EXPECT_EQ(request_refusal(raw("94 01 a161 c0 c0")), "a list is too long");
  EXPECT_EQ(request_refusal(raw("93 ff a161 c0")), "a field has the wrong type");
  EXPECT_EQ(request_refusal(raw("93 a161 01 c0")), "a field has the wrong type");
  EXPECT_EQ(request_refusal(raw("83 01 01 02 02 03 03")), "a field has the wrong type");
  EXPECT_EQ(request_refusal(raw("c0")), "a field has the wrong type");
  EXPECT_EQ(request_refusal({}), "cut-off msgpack");
  EXPECT_EQ(request_refusal(payload_of(ControlRequest{1, std::string(64, 'c'), {}})), "");
  EXPECT_EQ(request_refusal(payload_of(ControlRequest{1, std::string(65, 'c'), {}})),
            "a text is too long");
}

TEST(Control, RequestsAreBounded) {
  Value nested;
  for (int depth = 0; depth < 7; ++depth) nested = Value::Array{nested};
  EXPECT_EQ(request_refusal(payload_of(ControlRequest{1, "c", nested})), "");
  nested = Value::Array{nested};
  EXPECT_EQ(request_refusal(payload_of(ControlRequest{1, "c", nested})), "nested too deeply");
  EXPECT_EQ(request_refusal(payload_of(ControlRequest{1, "c", Value::Array(65'533)})),
            "too many values");
  Bytes out;
  EXPECT_NE(refusal([&] { encode_frame(ControlRequest{1, "c", Bytes(max_frame)}, out); }), "");
}

TEST(Control, RepliesMayHoldWholeTables) {
  Value::Array rows(100'000, Value{{"name", "n"}});
  EXPECT_EQ(reply_refusal(payload_of(ControlReply{1, ReplyKind::ok, Value{{"files", rows}}})), "");
}

TEST(Control, RepliesOfAnotherShapeAreRefused) {
  EXPECT_EQ(reply_refusal(raw("93 01 a26f6b 80")), "");
  EXPECT_EQ(reply_refusal(raw("93 01 a26f4b 80")), "an unknown kind of reply");
  EXPECT_EQ(reply_refusal(raw("93 01 a0 80")), "an unknown kind of reply");
  EXPECT_EQ(reply_refusal(raw("93 01 00 80")), "a field has the wrong type");
  EXPECT_EQ(reply_refusal(raw("92 01 a26f6b")), "a field is missing");
}

TEST(Control, ErrorsRoundTrip) {
  const ControlError error{ExitCode::not_found, "fetch: no such content \"x\"", "see p2pctl files"};
  const ControlError back = ControlError::from(error.value());
  EXPECT_EQ(back.code, error.code);
  EXPECT_EQ(back.message, error.message);
  EXPECT_EQ(back.remedy, error.remedy);
}

TEST(Control, AnErrorIsNoSuccess) {
  const auto read = [](const Value& code) {
    return refusal([&] {
      ControlError::from(Value{{"code", code}, {"message", ""}, {"remedy", ""}});
    });
  };
  EXPECT_EQ(read(130U), "");
  EXPECT_EQ(read(0U), "an invalid error code");
  EXPECT_EQ(read(256U), "an invalid error code");
  EXPECT_EQ(read(-1), "expected a number, 0 or more");
  EXPECT_EQ(read(Value()), "expected a number, 0 or more");
  EXPECT_EQ(refusal([] { ControlError::from(Value{{"code", 1U}}); }), "expected a text");
}

} // namespace
} // namespace p2pd::proto
