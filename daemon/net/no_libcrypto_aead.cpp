#include "daemon/net/aead.hpp"

namespace p2pd::net {

std::unique_ptr<Aead> libcrypto_aead(noise::Suite) {
  return nullptr;
}

} // namespace p2pd::net
