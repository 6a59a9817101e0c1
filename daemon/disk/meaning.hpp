// What an errno says of that which could not be opened, read, written or looked at. That something
// is gone is a fact; so is that it differs, which no errno says but a hash or an identity. All that
// may pass by itself is no verdict on anything: it is tried again later.
//
// Thread: any; pure.
#pragma once

#include <cstdint>

namespace p2pd::disk {

enum class Meaning : std::uint8_t {
  gone,      // there is no such thing; its disk may be away
  exhausted, // this process or machine has no more of something, which says nothing of the thing
  no_room,   // on its file system, or for its owner there
  barred,    // its device or server fails, or p2pd may not: for now
  lasting    // people have to do something: the name, the kind of it, a limit on sizes
};

Meaning meaning_of(int error_number);

constexpr bool passes(Meaning meaning) {
  return meaning == Meaning::exhausted || meaning == Meaning::no_room || meaning == Meaning::barred;
}

} // namespace p2pd::disk
