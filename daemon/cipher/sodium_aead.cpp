#include "daemon/cipher/aead.hpp"

#include <sodium.h>

namespace p2pd::cipher {

namespace {

class SodiumChacha final : public Aead {
 public:
  void set_key(const noise::CipherKey& key) override { key_ = key; }

  bool seal(const noise::Nonce& nonce, proto::MutableView out, proto::View plaintext) override {
    return crypto_aead_chacha20poly1305_ietf_encrypt(out.data(), nullptr, plaintext.data(),
                                                     plaintext.size(), nullptr, 0, nullptr,
                                                     nonce.data(), key_.bytes.data()) == 0;
  }
  bool open(const noise::Nonce& nonce, proto::MutableView out, proto::View sealed) override {
    return crypto_aead_chacha20poly1305_ietf_decrypt(out.data(), nullptr, nullptr, sealed.data(),
                                                     sealed.size(), nullptr, 0, nonce.data(),
                                                     key_.bytes.data()) == 0;
  }

 private:
  noise::CipherKey key_; // wipes itself
};

class SodiumAes final : public Aead {
 public:
  ~SodiumAes() override { sodium_memzero(&key_, sizeof key_); }

  void set_key(const noise::CipherKey& key) override {
    crypto_aead_aes256gcm_beforenm(&key_, key.bytes.data());
  }

  bool seal(const noise::Nonce& nonce, proto::MutableView out, proto::View plaintext) override {
    return crypto_aead_aes256gcm_encrypt_afternm(out.data(), nullptr, plaintext.data(),
                                                 plaintext.size(), nullptr, 0, nullptr,
                                                 nonce.data(), &key_) == 0;
  }
  bool open(const noise::Nonce& nonce, proto::MutableView out, proto::View sealed) override {
    return crypto_aead_aes256gcm_decrypt_afternm(out.data(), nullptr, nullptr, sealed.data(),
                                                 sealed.size(), nullptr, 0, nonce.data(),
                                                 &key_) == 0;
  }

 private:
  crypto_aead_aes256gcm_state key_;
};

} // namespace

std::unique_ptr<Aead> sodium_aead(noise::Suite suite) {
  if (suite == noise::Suite::chacha20_poly1305) return std::make_unique<SodiumChacha>();
  if (crypto_aead_aes256gcm_is_available() == 0) return nullptr;
  return std::make_unique<SodiumAes>();
}

} // namespace p2pd::cipher
