#include "proto_noise_replay.hpp"

#include <fstream>
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

void exchange(Handshake& writer, Handshake& reader, const KnownMessage& message) {
  const Bytes sent = written(writer, text(message.payload));
  EXPECT_EQ(hex(sent), hex(message.ciphertext));
  EXPECT_EQ(read(reader, sent), text(message.payload));
}

// Takes the messages of the handshake off the front.
KnownTransport replay(Handshake& initiator, Handshake& responder,
                      std::vector<KnownMessage> messages, Role first, const json& source,
                      std::string_view handshake_hash) {
  EXPECT_GT(messages.size(), 4U);
  exchange(initiator, responder, messages[0]);
  exchange(responder, initiator, messages[1]);
  exchange(initiator, responder, messages[2]);
  EXPECT_TRUE(initiator.done() && responder.done());
  EXPECT_EQ(initiator.handshake_hash(), responder.handshake_hash());
  if (!handshake_hash.empty()) {
    EXPECT_EQ(hex(initiator.handshake_hash()), handshake_hash);
  }
  messages.erase(messages.begin(), messages.begin() + 3);
  return {source, initiator.split(), responder.split(), first, std::move(messages)};
}

// Of cacophony, snow and noise-c.
KnownTransport replay(const json& entry) {
  const Pattern& pattern = pattern_of(entry.at("protocol_name").get<std::string>());
  const auto end = [&](Role role, const std::string& prefix) {
    const Psk psk = pattern.has_psk ? fixed<Psk>(entry.at(prefix + "psks").at(0)) : Psk();
    return HandshakeForTests::make(pattern, role, pair(entry.at(prefix + "static")),
                                   pair(entry.at(prefix + "ephemeral")), psk,
                                   bytes(entry.at(prefix + "prologue")));
  };
  Handshake initiator = end(Role::initiator, "init_"), responder = end(Role::responder, "resp_");
  std::vector<KnownMessage> messages;
  for (const json& message : entry.at("messages"))
    messages.push_back({bytes(message.at("payload")), bytes(message.at("ciphertext"))});
  return replay(initiator, responder, std::move(messages), Role::responder, entry.at("source"),
                entry.value("handshake_hash", ""));
}

KnownTransport replay_flynn(const json& entry) {
  const Pattern& pattern = pattern_of(entry.at("handshake").get<std::string>());
  const Psk psk = pattern.has_psk ? fixed<Psk>(entry.at("preshared_key")) : Psk();
  const Bytes prologue = bytes(entry.value("prologue", ""));
  Handshake initiator =
      HandshakeForTests::make(pattern, Role::initiator, pair(entry.at("init_static")),
                              pair(entry.at("gen_init_ephemeral")), psk, prologue);
  Handshake responder =
      HandshakeForTests::make(pattern, Role::responder, pair(entry.at("resp_static")),
                              pair(entry.at("gen_resp_ephemeral")), psk, prologue);
  std::vector<KnownMessage> messages;
  for (int i = 0; entry.contains("msg_" + std::to_string(i) + "_payload"); ++i) {
    const std::string name = "msg_" + std::to_string(i);
    messages.push_back({bytes(entry.at(name + "_payload")), bytes(entry.at(name + "_ciphertext"))});
  }
  return replay(initiator, responder, std::move(messages), Role::initiator, entry.at("handshake"),
                "");
}

} // namespace

void each_vector(const std::function<void(KnownTransport&&)>& use) {
  for (const json& entry : document().at("vectors")) use(replay(entry));
  for (const json& entry : document().at("flynn_vectors")) use(replay_flynn(entry));
}

KnownSeal known_seal() {
  const json& known = document().at("known_answers").at("seal");
  KnownSeal seal;
  for (std::size_t i = 0; i < CipherKey::size; ++i)
    seal.key.bytes[i] = static_cast<std::uint8_t>(i);
  seal.counter = std::stoull(known.at("n").get<std::string>(), nullptr, 16);
  known.at("plaintext").get_to(seal.plaintext);
  known.at("ad").get_to(seal.ad);
  known.at("ciphertext").get_to(seal.ciphertext);
  return seal;
}

} // namespace p2pd::proto::noise
