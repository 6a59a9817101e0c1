// The handshake of every link: Noise_XXpsk0_25519_ChaChaPoly_BLAKE2b, Noise's HandshakeState
// (revision 34, 5.3 and 9) as a state machine without sockets.
//
//        initiator                                responder
//     1  psk, e                  ------>                          48 bytes and the payload
//     2                          <------   e, ee, s, es           96
//     3  s, se                   ------>                          64
//
// The secret is mixed before anything else, so a stranger fails at message 1 and draws no answer.
// A responder that accepts two secrets reads message 1 with one handshake for each.
// Thread: any, one at a time. Lifetime: neither copied nor moved; to be destroyed once it is split,
// which wipes the keys that could open a recording. Errors: whatever the other side sent, a call
// returns nothing and the handshake has failed for good; close the connection without an answer.
#pragma once

#include "proto/noise_symmetric.hpp"

namespace p2pd::proto::noise {

inline constexpr std::size_t max_handshake_message = 1024;
inline constexpr std::size_t max_handshake_payload = max_handshake_message - 96; // see message 2

enum class Role : std::uint8_t { initiator, responder };
enum class Token : std::uint8_t { none, e, s, ee, es, se, psk };

// The initiator writes the first and the third message, the responder the second.
struct Pattern {
  std::string_view protocol_name;
  std::array<std::array<Token, 4>, 3> messages; // each filled up with Token::none
  bool has_psk;                                 // then every e is mixed into the key too
};

inline constexpr Pattern xxpsk0{
    "Noise_XXpsk0_25519_ChaChaPoly_BLAKE2b",
    {{{Token::psk, Token::e}, {Token::e, Token::ee, Token::s, Token::es}, {Token::s, Token::se}}},
    true};

struct CipherPair {
  CipherState send;
  CipherState receive;
};

class Handshake final {
 public:
  Handshake(Role role, const KeyPair& identity, const Psk& psk, View prologue)
      : Handshake(xxpsk0, role, identity, std::nullopt, psk, prologue) {}
  Handshake(const Handshake&) = delete;
  Handshake& operator=(const Handshake&) = delete;

  // The length of the message, which begins at out[0]. The payload lies apart from `out`.
  [[nodiscard]] std::optional<std::size_t>
  write_message(View payload, std::span<std::uint8_t, max_handshake_message> out);

  // The length of the payload, which is written to the start of `payload`; a longer one than there
  // is room for fails. `payload` lies apart from `message`.
  [[nodiscard]] std::optional<std::size_t> read_message(View message, MutableView payload);

  bool failed() const { return failed_; }
  bool done() const { return !failed_ && next_ == pattern_.messages.size(); }

  // Of the other side, as soon as the message that holds it was read: the ephemeral key after its
  // first, the static key after message 2 or 3. Empty before, and after a failure.
  const std::optional<PublicKey>& remote_ephemeral() const { return remote_ephemeral_; }
  const std::optional<PublicKey>& remote_static() const { return remote_static_; }

  // Names the session: equal on both sides and in no other session. Only when done().
  const Hash& handshake_hash() const { return symmetric_.handshake_hash(); }

  // The ciphers of the transport. Once, when done().
  CipherPair split();

 private:
  // Tests run other patterns and known ephemeral keys; nobody else has a way to.
  friend struct HandshakeForTests;
  Handshake(const Pattern& pattern, Role role, const KeyPair& identity,
            std::optional<KeyPair> ephemeral, const Psk& psk, View prologue)
      : pattern_(pattern)
      , role_(role)
      , identity_(identity)
      , ephemeral_(std::move(ephemeral))
      , psk_(psk)
      , symmetric_(pattern.protocol_name, prologue) {}

  bool may_write() const { return !failed_ && !done() && (next_ % 2 == 0) == initiates(); }
  bool may_read() const { return !failed_ && !done() && (next_ % 2 == 0) != initiates(); }
  bool initiates() const { return role_ == Role::initiator; }
  bool read_ephemeral(View& message); // both take their part from the front
  bool read_static(View& message);
  void mix_ephemeral(const PublicKey& key);
  bool mix_secret(Token token);
  std::nullopt_t fail();

  const Pattern& pattern_;
  const Role role_;
  std::size_t next_ = 0; // the message to come, an index into pattern_.messages
  bool failed_ = false;
  bool split_ = false;
  const KeyPair identity_;
  std::optional<KeyPair> ephemeral_; // made when its message is written
  const Psk psk_;
  std::optional<PublicKey> remote_ephemeral_;
  std::optional<PublicKey> remote_static_;
  SymmetricState symmetric_;
};

} // namespace p2pd::proto::noise
