#include "daemon/net/libcrypto_cipher.hpp"

namespace p2pd::net {

bool libcrypto_works() {
  return false;
}

std::unique_ptr<RecordCipher> libcrypto_cipher(const proto::noise::CipherState::Place&) {
  return nullptr;
}

} // namespace p2pd::net
