// What the rows of several topics refer to: arguments, and records that their results share.
// Only for command_table.cpp, like all of proto/control/commands/. Thread: any; constants.
#pragma once

#include "proto/control/commands.hpp"

#include <algorithm>
#include <array>

namespace p2pd::proto::table {

using enum Runs;
using enum Type;

// The parts one after the other.
template <class T, std::size_t... Sizes>
constexpr std::array<T, (Sizes + ...)> joined(const std::array<T, Sizes>&... parts) {
  std::array<T, (Sizes + ...)> all{};
  auto end = all.begin();
  ((end = std::copy(parts.begin(), parts.end(), end)), ...);
  return all;
}

inline constexpr std::array one_content{Parameter{.name = "content",
                                                  .kind = Kind::content,
                                                  .help = "name, NAME@PEER or prefix of an id",
                                                  .required = true}};
inline constexpr std::array several_contents{Parameter{.name = "content",
                                                       .kind = Kind::content,
                                                       .help = "name, NAME@PEER or prefix of an id",
                                                       .required = true,
                                                       .each = true}};
inline constexpr std::array one_peer{Parameter{.name = "peer",
                                               .kind = Kind::peer,
                                               .help = "node name, address or prefix of a peer id",
                                               .required = true}};

inline constexpr Field warning{
    .name = "warning", .meaning = "what may be missing or go wrong, and why; \"\" if nothing"};

inline constexpr std::array<std::string_view, 2> roles{"peer", "tracker"};

// A node, as a tracker or the node itself told of it.
inline constexpr std::array node_fields{Field{.name = "name", .meaning = "the node's name"},
                                        Field{.name = "id", .type = peer_id, .meaning = "its id"},
                                        Field{.name = "address",
                                              .type = address,
                                              .null = "no address is known",
                                              .meaning = "address for connections to it"}};
inline constexpr Record node{node_fields};

// A content: what identifies it, how large it is, and how it is cut up.
inline constexpr std::array content_fields{
    Field{.name = "name", .meaning = "name it was published under"},
    Field{.name = "id", .type = content_id, .meaning = "the content id"},
    Field{.name = "size", .type = integer, .unit = Unit::bytes, .meaning = "total size"}};
inline constexpr std::array chunk_fields{
    Field{.name = "chunks", .type = integer, .meaning = "number of chunks"}};
inline constexpr std::array chunk_size_fields{
    Field{.name = "chunk_size",
          .type = integer,
          .unit = Unit::bytes,
          .meaning = "size of each chunk except the last"}};

// How far a long operation on a content is.
inline constexpr std::array progress_fields{
    Field{.name = "name", .meaning = "the content's name"},
    Field{.name = "done_bytes", .type = integer, .unit = Unit::bytes, .meaning = "bytes done"},
    Field{.name = "size", .type = integer, .unit = Unit::bytes, .meaning = "bytes in total"}};

} // namespace p2pd::proto::table
