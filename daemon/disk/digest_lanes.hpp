// Between digest.cpp and the lane kernels, each of which is compiled for its own instruction set
// and must only be called where the machine has it. Reads as many full leaves as it has lanes, one
// after the other, and writes as many leaf hashes. Thread: any.
#pragma once

#include <cstdint>

namespace p2pd::disk {

void hash_leaves_avx2(const std::uint8_t* leaves, std::uint8_t* hashes);   // 4
void hash_leaves_avx512(const std::uint8_t* leaves, std::uint8_t* hashes); // 8

} // namespace p2pd::disk
