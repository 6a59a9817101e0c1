#include "daemon/net/record_cipher.hpp"

#include "daemon/net/libcrypto_cipher.hpp"

#include <cassert>

namespace p2pd::net {

namespace noise = proto::noise;

namespace {

class SodiumCipher final : public RecordCipher {
 public:
  explicit SodiumCipher(noise::CipherState&& state) : state_(std::move(state)) {}

  bool seal(proto::MutableView out, proto::View plaintext) override {
    return state_.seal(out, plaintext);
  }
  bool open(proto::MutableView out, proto::View sealed) override {
    return state_.open(out, sealed);
  }

 private:
  noise::CipherState state_;
};

} // namespace

bool supported(Library library) {
  return library == Library::sodium || libcrypto_works();
}

Library fastest() {
  return libcrypto_works() ? Library::libcrypto : Library::sodium;
}

std::unique_ptr<RecordCipher> record_cipher(noise::CipherState from, Library library) {
  assert(supported(library));
  if (library == Library::libcrypto) return libcrypto_cipher(from.hand_over());
  return std::make_unique<SodiumCipher>(std::move(from));
}

} // namespace p2pd::net
