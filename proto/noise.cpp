#include "proto/noise.hpp"

#include <algorithm>
#include <cassert>

namespace p2pd::proto::noise {

std::optional<std::size_t>
Handshake::write_message(View payload, std::span<std::uint8_t, max_handshake_message> out) {
  if (!may_write() || payload.size() > max_handshake_payload) return fail();
  std::size_t size = 0;
  const auto append = [&](View plaintext) {
    const MutableView part = out.subspan(size, plaintext.size() + symmetric_.overhead());
    size += part.size();
    return symmetric_.encrypt_and_hash(part, plaintext);
  };
  for (const Token token : pattern_.messages[next_]) {
    if (token == Token::e) {
      if (!ephemeral_) ephemeral_ = generate_key_pair();
      const auto& key = ephemeral_->public_key;
      std::copy(key.bytes.begin(), key.bytes.end(), out.begin() + size);
      size += PublicKey::size;
      mix_ephemeral(key);
    } else if (token == Token::s ? !append(identity_.public_key.bytes) : !mix_secret(token)) {
      return fail();
    }
  }
  if (!append(payload)) return fail();
  ++next_;
  return size;
}

std::optional<std::size_t> Handshake::read_message(View message, MutableView payload) {
  if (!may_read() || message.size() > max_handshake_message) return fail();
  for (const Token token : pattern_.messages[next_]) {
    const bool ok = token == Token::e   ? read_ephemeral(message)
                    : token == Token::s ? read_static(message)
                                        : mix_secret(token);
    if (!ok) return fail();
  }
  const std::size_t overhead = symmetric_.overhead();
  if (message.size() < overhead || message.size() - overhead > payload.size()) return fail();
  if (!symmetric_.decrypt_and_hash(payload, message)) return fail();
  ++next_;
  return message.size() - overhead;
}

bool Handshake::read_ephemeral(View& message) {
  if (message.size() < PublicKey::size) return false;
  PublicKey& key = remote_ephemeral_.emplace();
  std::copy_n(message.begin(), PublicKey::size, key.bytes.begin());
  message = message.subspan(PublicKey::size);
  mix_ephemeral(key);
  return is_canonical(key);
}

bool Handshake::read_static(View& message) {
  const std::size_t size = PublicKey::size + symmetric_.overhead();
  if (message.size() < size) return false;
  PublicKey& key = remote_static_.emplace();
  const View sealed = message.first(size);
  message = message.subspan(size);
  return symmetric_.decrypt_and_hash(key.bytes, sealed) && is_canonical(key);
}

CipherPair Handshake::split() {
  assert(done() && !split_);
  split_ = true;
  auto [first, second] = symmetric_.split();
  if (initiates()) return {std::move(first), std::move(second)};
  return {std::move(second), std::move(first)};
}

void Handshake::mix_ephemeral(const PublicKey& key) {
  symmetric_.mix_hash(key.bytes);
  if (pattern_.has_psk) symmetric_.mix_key(key.bytes);
}

// Mixes what both sides know and no message shows: the psk, or the Diffie-Hellman of two keys, of
// which a token's first letter names the initiator's and the second the responder's.
bool Handshake::mix_secret(Token token) {
  if (token == Token::none) return true;
  if (token == Token::psk) {
    symmetric_.mix_key_and_hash(psk_.bytes);
    return true;
  }
  const bool initiator = initiates();
  const KeyPair& mine =
      token == Token::ee || token == (initiator ? Token::es : Token::se) ? *ephemeral_ : identity_;
  const auto& theirs = token == Token::ee || token == (initiator ? Token::se : Token::es)
                           ? remote_ephemeral_
                           : remote_static_;
  const auto shared = diffie_hellman(mine.private_key, *theirs);
  if (shared) symmetric_.mix_key(shared->bytes);
  return shared.has_value();
}

std::nullopt_t Handshake::fail() {
  failed_ = true;
  ephemeral_.reset();
  remote_ephemeral_.reset();
  remote_static_.reset();
  return std::nullopt;
}

} // namespace p2pd::proto::noise
