// The published vectors of four Noise projects; tests/vectors/README.md tells their formats apart.
#include "proto_noise_fixture.hpp"

#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace p2pd::proto::noise {
namespace {

using nlohmann::json;

constexpr Pattern xx{
    "Noise_XX_25519_ChaChaPoly_BLAKE2b",
    {{{Token::e}, {Token::e, Token::ee, Token::s, Token::es}, {Token::s, Token::se}}},
    false};
constexpr Pattern xxpsk3{
    "Noise_XXpsk3_25519_ChaChaPoly_BLAKE2b",
    {{{Token::e}, {Token::e, Token::ee, Token::s, Token::es}, {Token::s, Token::se, Token::psk}}},
    true};

const json& document() {
  static const json parsed = json::parse(std::ifstream(NOISE_VECTORS));
  return parsed;
}

const Pattern& pattern_of(std::string_view name) {
  for (const Pattern* pattern : {&xx, &xxpsk0, &xxpsk3})
    if (pattern->protocol_name == name) return *pattern;
  throw std::runtime_error("no pattern is named " + std::string(name));
}

Bytes bytes(const json& digits) {
  Bytes out(digits.get_ref<const std::string&>().size() / 2);
  EXPECT_TRUE(out.empty() || from_hex(digits.get_ref<const std::string&>(), out));
  return out;
}

template <class Bytes32>
Bytes32 fixed(const json& digits) {
  Bytes32 out;
  EXPECT_TRUE(from_hex(digits.get_ref<const std::string&>(), out.bytes));
  return out;
}

KeyPair pair(const json& digits) {
  return key_pair_from(fixed<PrivateKey>(digits));
}

struct Message {
  Bytes payload;
  Bytes ciphertext;
};

void exchange(Handshake& writer, Handshake& reader, const Message& message) {
  const Bytes sent = written(writer, text(message.payload));
  EXPECT_EQ(hex(sent), hex(message.ciphertext));
  EXPECT_EQ(read(reader, sent), text(message.payload));
}

void transport(CipherState& writer, CipherState& reader, const Message& message) {
  Bytes record(message.payload.size() + tag_size);
  ASSERT_TRUE(writer.seal(record, message.payload));
  EXPECT_EQ(hex(record), hex(message.ciphertext));
  ASSERT_TRUE(reader.open(record, record));
  record.resize(message.payload.size());
  EXPECT_EQ(hex(record), hex(message.payload));
}

// Both sides of the whole exchange; `first` sends the first message of the transport, in turns.
void replay(Handshake& initiator, Handshake& responder, const std::vector<Message>& messages,
            Role first, std::string_view handshake_hash) {
  ASSERT_GT(messages.size(), 4U);
  exchange(initiator, responder, messages[0]);
  exchange(responder, initiator, messages[1]);
  exchange(initiator, responder, messages[2]);
  ASSERT_TRUE(initiator.done() && responder.done());
  EXPECT_EQ(initiator.handshake_hash(), responder.handshake_hash());
  if (!handshake_hash.empty()) {
    EXPECT_EQ(hex(initiator.handshake_hash()), handshake_hash);
  }

  CipherPair ours = initiator.split(), theirs = responder.split();
  bool ours_next = first == Role::initiator;
  for (std::size_t i = 3; i < messages.size(); ++i, ours_next = !ours_next)
    transport((ours_next ? ours : theirs).send, (ours_next ? theirs : ours).receive, messages[i]);
}

TEST(NoiseVectors, CacophonySnowAndNoiseC) {
  for (const json& entry : document().at("vectors")) {
    SCOPED_TRACE(entry.at("source"));
    const Pattern& pattern = pattern_of(entry.at("protocol_name").get<std::string>());
    const auto end = [&](Role role, const std::string& prefix) {
      const Psk psk = pattern.has_psk ? fixed<Psk>(entry.at(prefix + "psks").at(0)) : Psk();
      return HandshakeForTests::make(pattern, role, pair(entry.at(prefix + "static")),
                                     pair(entry.at(prefix + "ephemeral")), psk,
                                     bytes(entry.at(prefix + "prologue")));
    };
    Handshake initiator = end(Role::initiator, "init_"), responder = end(Role::responder, "resp_");
    std::vector<Message> messages;
    for (const json& message : entry.at("messages"))
      messages.push_back({bytes(message.at("payload")), bytes(message.at("ciphertext"))});
    replay(initiator, responder, messages, Role::responder, entry.value("handshake_hash", ""));
  }
  EXPECT_EQ(document().at("vectors").size(), 4U);
}

TEST(NoiseVectors, Flynn) {
  for (const json& entry : document().at("flynn_vectors")) {
    const Pattern& pattern = pattern_of(entry.at("handshake").get<std::string>());
    SCOPED_TRACE(pattern.protocol_name);
    const Psk psk = pattern.has_psk ? fixed<Psk>(entry.at("preshared_key")) : Psk();
    const Bytes prologue = bytes(entry.value("prologue", ""));
    Handshake initiator =
        HandshakeForTests::make(pattern, Role::initiator, pair(entry.at("init_static")),
                                pair(entry.at("gen_init_ephemeral")), psk, prologue);
    Handshake responder =
        HandshakeForTests::make(pattern, Role::responder, pair(entry.at("resp_static")),
                                pair(entry.at("gen_resp_ephemeral")), psk, prologue);
    std::vector<Message> messages;
    for (int i = 0; entry.contains("msg_" + std::to_string(i) + "_payload"); ++i) {
      const std::string name = "msg_" + std::to_string(i);
      messages.push_back(
          {bytes(entry.at(name + "_payload")), bytes(entry.at(name + "_ciphertext"))});
    }
    replay(initiator, responder, messages, Role::initiator, "");
  }
  EXPECT_EQ(document().at("flynn_vectors").size(), 12U);
}

// The known rekey is not tried: no part of p2pd renews a key.
TEST(NoiseVectors, SealedAtALargeCounter) {
  const json& known = document().at("known_answers").at("seal");
  CipherKey key;
  for (std::size_t i = 0; i < CipherKey::size; ++i) key.bytes[i] = static_cast<std::uint8_t>(i);
  const std::uint64_t counter = std::stoull(known.at("n").get<std::string>(), nullptr, 16);
  const std::string plaintext = known.at("plaintext"), ad = known.at("ad");
  Bytes out(plaintext.size() + tag_size);
  ASSERT_TRUE(CipherState(key, counter).seal(out, view(plaintext), view(ad)));
  EXPECT_EQ(hex(out), known.at("ciphertext"));
  ASSERT_TRUE(CipherState(key, counter).open(out, out, view(ad)));
  EXPECT_EQ(text(out).substr(0, plaintext.size()), plaintext);
}

} // namespace
} // namespace p2pd::proto::noise
