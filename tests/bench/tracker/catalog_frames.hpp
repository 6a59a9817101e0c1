// What the simulated peers say to the tracker, as frames, and the contents that they say it of.
// Contents are numbered from 0, and their ids follow from the number. Thread: any; pure.
#pragma once

#include "proto/message.hpp"

namespace bench {

p2pd::proto::ContentId content(std::size_t number);
std::string name_of(std::size_t content); // "content-000042.bin"

// As a holder of all of it, and its publisher with `claim`.
void publish(std::size_t content, bool claim, p2pd::proto::Bytes& out);
void unpublish(std::size_t content, p2pd::proto::Bytes& out);
void locate(std::size_t content, p2pd::proto::Bytes& out);
void list(std::string_view pattern, p2pd::proto::Bytes& out);

} // namespace bench
