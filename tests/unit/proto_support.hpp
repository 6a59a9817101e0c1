// What the tests of proto/ share: bytes from readable hex, and the reason why something was
// refused.
#pragma once

#include "proto/codec.hpp"
#include "proto/error.hpp"

#include <gtest/gtest.h>

namespace p2pd::proto {

// "93 01 02 03" as bytes.
inline Bytes raw(std::string_view digits) {
  std::string packed;
  for (const char c : digits)
    if (c != ' ') packed += c;
  Bytes out(packed.size() / 2);
  EXPECT_TRUE(from_hex(packed, out)) << digits;
  return out;
}

template <class Write>
Bytes encoded(Write&& write) {
  Bytes out;
  Encoder encoder(out);
  write(encoder);
  return out;
}

inline Bytes joined(Bytes front, View back) {
  front.insert(front.end(), back.begin(), back.end());
  return front;
}

// What the Error says that `act` throws; "" when it throws none.
template <class Act>
std::string refusal(Act&& act) {
  try {
    act();
    return "";
  } catch (const Error& error) {
    return error.what();
  }
}

} // namespace p2pd::proto
