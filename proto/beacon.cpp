#include "proto/beacon.hpp"

#include <sodium.h>

namespace p2pd::proto {

namespace {

constexpr std::uint64_t beacon_version = 1;
constexpr std::size_t nonce_size = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t seal_size = crypto_aead_xchacha20poly1305_ietf_ABYTES;
static_assert(nonce_size == 24 && seal_size == 16);

using Key = noise::Secret<struct BeaconKeyTag, crypto_aead_xchacha20poly1305_ietf_KEYBYTES>;

Key key_of(const noise::Psk& secret) {
  constexpr std::array<std::uint8_t, crypto_generichash_blake2b_PERSONALBYTES> personal{
      'p', '2', 'p', 'd', '.', 'b', 'e', 'a', 'c', 'o', 'n'};
  Key key;
  crypto_generichash_blake2b_salt_personal(key.bytes.data(), key.bytes.size(), nullptr, 0,
                                           secret.bytes.data(), secret.bytes.size(), nullptr,
                                           personal.data());
  return key;
}

} // namespace

Bytes seal_beacon(const Beacon& beacon, const noise::Psk& secret) {
  Bytes plain;
  Encoder out(plain);
  out.array(4);
  out.natural(beacon_version);
  put(out, beacon.tracker);
  out.natural(beacon.port);
  put(out, beacon.addresses);
  Bytes sealed(nonce_size + plain.size() + seal_size);
  randombytes_buf(sealed.data(), nonce_size);
  crypto_aead_xchacha20poly1305_ietf_encrypt(sealed.data() + nonce_size, nullptr, plain.data(),
                                             plain.size(), nullptr, 0, nullptr, sealed.data(),
                                             key_of(secret).bytes.data());
  return sealed;
}

std::optional<Beacon> open_beacon(View datagram, const noise::Psk& secret) try {
  if (datagram.size() < nonce_size + seal_size || datagram.size() > max_beacon) return std::nullopt;
  const View sealed = datagram.subspan(nonce_size);
  Bytes plain(sealed.size() - seal_size);
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(plain.data(), nullptr, nullptr, sealed.data(),
                                                 sealed.size(), nullptr, 0, datagram.data(),
                                                 key_of(secret).bytes.data()) != 0)
    return std::nullopt;
  Decoder in;
  in.open(plain);
  in.array_of(4);
  if (in.natural() != beacon_version) return std::nullopt;
  Beacon beacon;
  get(in, beacon.tracker);
  beacon.port = static_cast<std::uint16_t>(in.natural(0xffff));
  get(in, beacon.addresses);
  in.finish();
  return beacon;
} catch (const Error&) { // from a member: a later version, or a bug
  return std::nullopt;
}

} // namespace p2pd::proto
