// The record cipher on libcrypto. Only record_cipher.cpp includes this; meson picks
// libcrypto_cipher.cpp, or no_libcrypto_cipher.cpp in a build without it. Thread: any.
#pragma once

#include "daemon/net/record_cipher.hpp"

namespace p2pd::net {

bool libcrypto_works(); // false: libcrypto_cipher() is not to be called
std::unique_ptr<RecordCipher> libcrypto_cipher(const proto::noise::CipherState::Place& from);

} // namespace p2pd::net
