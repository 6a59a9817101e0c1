// One fuzz target is one file with LLVMFuzzerTestOneInput. It is built twice: with libFuzzer
// (fuzz-NAME, see meson.build) and with replay.cpp (replay-NAME), which runs seeds and some
// mutations of them as a quick test under any compiler.
#pragma once

#include "proto/bytes.hpp"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace p2pd::fuzz {

// What must hold for every input, in every kind of build.
inline void require(bool condition) {
  if (!condition) std::abort();
}

} // namespace p2pd::fuzz
