#include "daemon/net/libcrypto_cipher.hpp"

#include <cassert>
#include <new>
#include <openssl/evp.h>

namespace p2pd::net {

namespace noise = proto::noise;

namespace {

// Looked up once; nothing where the system's configuration leaves it out (FIPS mode does).
const EVP_CIPHER* algorithm() {
  static EVP_CIPHER* const fetched = EVP_CIPHER_fetch(nullptr, "ChaCha20-Poly1305", nullptr);
  return fetched;
}

struct Free {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); } // and wipe
};

class LibcryptoCipher final : public RecordCipher {
 public:
  explicit LibcryptoCipher(const noise::CipherState::Place& from)
      : context_(EVP_CIPHER_CTX_new()), counter_(from.counter) {
    // The key is scheduled here and stays; a record brings its nonce only.
    if (context_ == nullptr || EVP_CipherInit_ex2(context_.get(), algorithm(),
                                                  from.key.bytes.data(), nullptr, 1, nullptr) != 1)
      throw std::bad_alloc();
  }

  bool seal(proto::MutableView out, proto::View plaintext) override {
    if (counter_ == noise::spent_counter || plaintext.size() > noise::max_plaintext) return false;
    assert(out.size() >= plaintext.size() + noise::tag_size);
    const bool sealed = begin(Direction::seal) && pass(out, plaintext) &&
                        EVP_CIPHER_CTX_ctrl(context_.get(), EVP_CTRL_AEAD_GET_TAG, noise::tag_size,
                                            out.data() + plaintext.size()) == 1;
    if (sealed) ++counter_;
    return sealed;
  }

  bool open(proto::MutableView out, proto::View sealed) override {
    if (counter_ == noise::spent_counter || sealed.size() < noise::tag_size ||
        sealed.size() > noise::max_message)
      return false;
    const std::size_t size = sealed.size() - noise::tag_size;
    assert(out.size() >= size);
    // libcrypto reads the tag before it writes a byte; its parameter merely lacks the const.
    auto* const tag = const_cast<std::uint8_t*>(sealed.data() + size);
    const bool opened =
        begin(Direction::open) &&
        EVP_CIPHER_CTX_ctrl(context_.get(), EVP_CTRL_AEAD_SET_TAG, noise::tag_size, tag) == 1 &&
        pass(out, sealed.first(size));
    if (opened)
      ++counter_;
    else
      noise::wipe(out.first(size)); // it is deciphered before its tag is known to be right
    return opened;
  }

 private:
  enum class Direction : int { open = 0, seal = 1 };

  bool begin(Direction direction) {
    return EVP_CipherInit_ex2(context_.get(), nullptr, nullptr, noise::nonce_of(counter_).data(),
                              static_cast<int>(direction), nullptr) == 1;
  }
  bool pass(proto::MutableView out, proto::View in) {
    int length = 0; // the whole of it: this is a stream cipher
    return EVP_CipherUpdate(context_.get(), out.data(), &length, in.data(),
                            static_cast<int>(in.size())) == 1 &&
           EVP_CipherFinal_ex(context_.get(), out.data(), &length) == 1;
  }

  const std::unique_ptr<EVP_CIPHER_CTX, Free> context_;
  std::uint64_t counter_;
};

} // namespace

bool libcrypto_works() {
  return algorithm() != nullptr;
}

std::unique_ptr<RecordCipher> libcrypto_cipher(const noise::CipherState::Place& from) {
  return std::make_unique<LibcryptoCipher>(from);
}

} // namespace p2pd::net
