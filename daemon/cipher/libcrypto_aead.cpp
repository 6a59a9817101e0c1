#include "daemon/cipher/aead.hpp"

#include <new>
#include <openssl/evp.h>

namespace p2pd::cipher {

namespace {

// Looked up once; nothing where the system's configuration leaves it out (FIPS mode does).
const EVP_CIPHER* algorithm(noise::Suite suite) {
  static EVP_CIPHER* const chacha20_poly1305 =
      EVP_CIPHER_fetch(nullptr, "ChaCha20-Poly1305", nullptr);
  static EVP_CIPHER* const aes256_gcm = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  return suite == noise::Suite::aes256_gcm ? aes256_gcm : chacha20_poly1305;
}

struct Free {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); } // and wipe
};

class LibcryptoAead final : public Aead {
 public:
  explicit LibcryptoAead(noise::Suite suite) : suite_(suite), context_(EVP_CIPHER_CTX_new()) {
    if (context_ == nullptr) throw std::bad_alloc();
  }

  // The key is scheduled here and stays; a record brings its nonce only.
  void set_key(const noise::CipherKey& key) override {
    if (EVP_CipherInit_ex2(context_.get(), algorithm(suite_), key.bytes.data(), nullptr, 1,
                           nullptr) != 1)
      throw std::bad_alloc();
  }

  bool seal(const noise::Nonce& nonce, proto::MutableView out, proto::View plaintext) override {
    return begin(Direction::seal, nonce) && pass(out, plaintext) &&
           EVP_CIPHER_CTX_ctrl(context_.get(), EVP_CTRL_AEAD_GET_TAG, noise::tag_size,
                               out.data() + plaintext.size()) == 1;
  }

  bool open(const noise::Nonce& nonce, proto::MutableView out, proto::View sealed) override {
    const std::size_t size = sealed.size() - noise::tag_size;
    // libcrypto reads the tag before it writes a byte; its parameter merely lacks the const.
    auto* const tag = const_cast<std::uint8_t*>(sealed.data() + size);
    return begin(Direction::open, nonce) &&
           EVP_CIPHER_CTX_ctrl(context_.get(), EVP_CTRL_AEAD_SET_TAG, noise::tag_size, tag) == 1 &&
           pass(out, sealed.first(size));
  }

 private:
  enum class Direction : int { open = 0, seal = 1 };

  bool begin(Direction direction, const noise::Nonce& nonce) {
    return EVP_CipherInit_ex2(context_.get(), nullptr, nullptr, nonce.data(),
                              static_cast<int>(direction), nullptr) == 1;
  }
  bool pass(proto::MutableView out, proto::View in) {
    int length = 0; // the whole of it: these are stream ciphers
    return EVP_CipherUpdate(context_.get(), out.data(), &length, in.data(),
                            static_cast<int>(in.size())) == 1 &&
           EVP_CipherFinal_ex(context_.get(), out.data(), &length) == 1;
  }

  const noise::Suite suite_;
  const std::unique_ptr<EVP_CIPHER_CTX, Free> context_;
};

} // namespace

std::unique_ptr<Aead> libcrypto_aead(noise::Suite suite) {
  return algorithm(suite) == nullptr ? nullptr : std::make_unique<LibcryptoAead>(suite);
}

} // namespace p2pd::cipher
