// Holds what is encoded against the golden files, and reads it back. A change of these files is a
// change of the protocol.
#include "tests/golden/golden_file.hpp"
#include "tests/golden/samples.hpp"
#include "tests/golden/schema.hpp"

#include "proto/frame.hpp"

#include <algorithm>
#include <gtest/gtest.h>

namespace p2pd::golden {
namespace {

using namespace proto;

template <class Write>
Bytes encoded(Write&& write) {
  Bytes out;
  Encoder encoder(out);
  write(encoder);
  return out;
}

template <class Sent>
Bytes frame_of(const Sent& sent) {
  Bytes out;
  encode_frame(sent, out);
  return out;
}

// A frame cut where its fields begin: length, the array's header and the type, then each field.
std::vector<Bytes> pieces_of(const Message& message) {
  const Bytes frame = frame_of(message);
  std::vector<Bytes> pieces{Bytes(frame.begin(), frame.begin() + frame_header)};
  std::visit(
      [&](const auto& m) {
        std::apply(
            [&](const auto&... field) {
              pieces.push_back(encoded([&](Encoder& out) {
                out.array(1 + sizeof...(field));
                out.natural(m.type);
              }));
              (pieces.push_back(encoded([&](Encoder& out) { put(out, field); })), ...);
            },
            m.fields(m));
      },
      message);
  Bytes joined;
  for (const Bytes& piece : pieces) joined.insert(joined.end(), piece.begin(), piece.end());
  EXPECT_EQ(joined, frame);
  return pieces;
}

std::string file_of(const Message& message) {
  return "messages/" + std::string(title(message)) + ".hex";
}

const Message& sample_at(std::size_t index) {
  static const std::vector<Message> all = messages();
  return all.at(index);
}

class GoldenMessage : public testing::TestWithParam<std::size_t> {};

TEST_P(GoldenMessage, Holds) {
  const Message& message = sample_at(GetParam());
  const unsigned type = std::visit([](const auto& m) { return unsigned{m.type}; }, message);
  expect_file(file_of(message),
              std::string(title(message)) + ", type " + std::to_string(type) +
                  ": the frame's length; array and type; each field",
              pieces_of(message));
  const Bytes frame = read(file_of(message));
  const auto payload = front_frame(frame);
  ASSERT_TRUE(payload);
  EXPECT_EQ(payload->size() + frame_header, frame.size());
  Decoder decoder;
  const Message back = decode(decoder, *payload);
  EXPECT_EQ(back.index(), message.index());
  EXPECT_EQ(hex(frame_of(back)), hex(frame));
}

INSTANTIATE_TEST_SUITE_P(All, GoldenMessage,
                         testing::Range(std::size_t{0}, std::variant_size_v<AnyMessage>),
                         [](const auto& test) {
                           std::string name(title(sample_at(test.param)));
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST(Golden, EveryMessageHasOneFile) {
  std::vector<std::string> files;
  std::string schema =
      "# Every message: type, title and the kinds of its fields with their bounds.\n";
  for (const Message& message : messages()) {
    files.push_back(file_of(message));
    schema += std::visit([](const auto& m) { return schema_line(m); }, message);
  }
  expect_no_others("messages", files);
  expect_text("schema.txt", schema);
}

TEST(Golden, ControlFramesHold) {
  const auto hold = [](const std::string& name, const auto& sent, auto decode_one) {
    expect_file("control/" + name, "a frame on the control socket", {frame_of(sent)});
    const Bytes frame = read("control/" + name);
    Decoder decoder;
    EXPECT_EQ(hex(frame_of(decode_one(decoder, front_frame(frame, max_reply).value()))),
              hex(frame));
  };
  hold("request.hex", control_request(), decode_request);
  hold("ok.hex", control_reply(ReplyKind::ok), decode_reply);
  hold("error.hex", control_reply(ReplyKind::error), decode_reply);
  hold("event.hex", control_reply(ReplyKind::event), decode_reply);
  expect_no_others("control", {"control/request.hex", "control/ok.hex", "control/error.hex",
                               "control/event.hex"});
}

TEST(Golden, ManifestsHold) {
  const auto hold = [](const std::string& name, const Manifest& manifest) {
    const Bytes bytes = encode(manifest);
    expect_file("manifest/" + name, "content id " + to_text(content_id_of(bytes)), {bytes});
    EXPECT_EQ(hex(encode(decode_manifest(read("manifest/" + name)))), hex(bytes));
  };
  hold("single-file.hex", single_file());
  hold("tree.hex", tree());
  expect_no_others("manifest", {"manifest/single-file.hex", "manifest/tree.hex"});
}

} // namespace
} // namespace p2pd::golden
