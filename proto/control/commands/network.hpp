// files, search, chunks, discover, ping and watch: what the network has, and what happens in it.
#pragma once

#include "proto/control/commands/words.hpp"
#include "proto/control/event_kinds.hpp"

namespace p2pd::proto::table {

// Its name and address are "" where it has just gone.
inline constexpr std::array publisher_fields{
    Field{.name = "name", .meaning = "the peer's name; \"\" if it is not known"},
    Field{.name = "id", .type = peer_id, .meaning = "its id"},
    Field{.name = "address",
          .type = address,
          .meaning = "address for connections to it; \"\" if it is not known"}};
inline constexpr Record publisher{publisher_fields};

inline constexpr std::array catalog_fields = joined(
    content_fields, chunk_fields, chunk_size_fields,
    std::array{
        Field{.name = "sources", .type = integer, .meaning = "number of peers that have all of it"},
        Field{.name = "partial",
              .type = integer,
              .meaning = "number of peers that have some of its chunks"},
        Field{.name = "publishers",
              .type = object,
              .list = true,
              .record = &publisher,
              .meaning = "publishers of it under this name, at most 20"},
        Field{.name = "publishers_total", .type = integer, .meaning = "number of publishers"}});
inline constexpr Record catalog_row{catalog_fields};
inline constexpr std::array catalog_answer{Field{.name = "files",
                                                 .type = object,
                                                 .list = true,
                                                 .record = &catalog_row,
                                                 .meaning = "one for each name of each content"},
                                           warning};
inline constexpr Record catalog_result{catalog_answer};
inline constexpr std::array catalog_part{catalog_answer.front()};
inline constexpr Record catalog_event{catalog_part};

inline constexpr std::array files_examples{Example{"p2pctl files", "what can be fetched"}};

inline constexpr std::array search_arguments{
    Parameter{.name = "pattern", .help = "part of a name, or a glob", .required = true}};
inline constexpr std::array search_examples{
    Example{"p2pctl search debian", "every name that contains \"debian\""},
    Example{"p2pctl search '*.iso'", "every name that ends in \".iso\""}};

inline constexpr std::array holder_fields{
    Field{.name = "name", .meaning = "the peer's name"},
    Field{.name = "id", .type = peer_id, .meaning = "its id"},
    Field{.name = "have", .type = integer, .meaning = "number of chunks"},
    Field{.name = "bitmap_hex",
          .meaning = "bitmap of its chunks in hexadecimal digits: the first chunk is the top bit "
                     "of the first byte"}};
inline constexpr Record holder{holder_fields};
inline constexpr std::array chunks_fields{
    Field{.name = "content", .type = content_id, .meaning = "the content id"},
    Field{.name = "name", .meaning = "its name"},
    Field{.name = "chunks", .type = integer, .meaning = "number of chunks"},
    Field{.name = "rarest", .type = integer, .meaning = "number of copies of the rarest chunk"},
    Field{.name = "peers",
          .type = object,
          .list = true,
          .record = &holder,
          .meaning = "peers that have any of its chunks"},
    warning};
inline constexpr Record chunks_result{chunks_fields};
inline constexpr std::array chunks_examples{
    Example{"p2pctl chunks debian.iso", "how far each peer is, and which chunks are rare"}};

inline constexpr std::array shared_fields =
    joined(content_fields, chunk_fields, chunk_size_fields,
           std::array{Field{.name = "path",
                            .null = "it is not known",
                            .meaning = "path below the peer's share folder"}});
inline constexpr Record shared{shared_fields};
inline constexpr std::array discover_fields{Field{.name = "peer",
                                                  .type = object,
                                                  .record = &node,
                                                  .meaning = "the peer that the argument names"},
                                            Field{.name = "files",
                                                  .type = object,
                                                  .list = true,
                                                  .record = &shared,
                                                  .meaning = "contents it shares"},
                                            warning};
inline constexpr Record discover_result{discover_fields};
inline constexpr std::array discover_examples{
    Example{"p2pctl discover build-07", "its contents, and their paths in its share folders"}};

inline constexpr std::array ping_options{
    Parameter{.name = "count",
              .kind = Kind::count,
              .help = "number of pings (default 3, maximum 100)",
              .brief = "-c",
              .value = "N"}};
inline constexpr std::array<std::string_view, 2> ways{"direct", "tracker"};
inline constexpr std::array ping_fields{
    Field{.name = "peer",
          .type = object,
          .record = &node,
          .meaning = "the peer that the argument names"},
    Field{.name = "alive",
          .type = boolean,
          .meaning = "whether it answers; if it does not, this object precedes the error"},
    Field{.name = "via",
          .type = word,
          .words = ways,
          .null = "it does not answer",
          .meaning = "over a direct link, or relayed by a tracker"},
    Field{.name = "tracker",
          .type = address,
          .null = "no tracker did",
          .meaning = "address of the tracker that relayed"},
    Field{.name = "rtt_ms",
          .type = number,
          .unit = Unit::milliseconds,
          .list = true,
          .meaning = "round-trip times of the whole route"}};
inline constexpr Record ping_result{ping_fields};
inline constexpr std::array ping_examples{
    Example{"p2pctl ping build-07", "does it answer, and how fast"}};

inline constexpr std::array watch_options{Parameter{.name = "filter",
                                                    .help = "only this kind of event; repeatable",
                                                    .list = true,
                                                    .value = "KIND",
                                                    .choices = event_words}};
inline constexpr Record event_content{content_fields};
inline constexpr std::array event_fields{
    Field{.name = "time", .type = time, .meaning = "when it happened"},
    Field{.name = "event", .type = word, .words = event_words, .meaning = "what happened"},
    Field{.name = "peer",
          .type = object,
          .record = &node,
          .null = "not part of the event",
          .meaning = "the peer concerned"},
    Field{.name = "file",
          .type = object,
          .record = &event_content,
          .null = "not part of the event",
          .meaning = "the content"},
    Field{.name = "transfer",
          .type = integer,
          .null = "not part of the event",
          .meaning = "id of the transfer that ended"},
    Field{.name = "path", .null = "not part of the event", .meaning = "destination of the content"},
    Field{.name = "error", .null = "not part of the event", .meaning = "why the transfer failed"}};
inline constexpr Record event{event_fields};
inline constexpr std::array watch_examples{
    Example{"p2pctl watch", "peers that come and go, contents that are published and fetched"},
    Example{"p2pctl watch --filter done --filter failed", "how this peer's transfers end"}};

inline constexpr std::array network_commands{
    Command{.name = "files",
            .alias = "list",
            .runs = on_both,
            .summary = "list the catalog: every content that can be fetched",
            .examples = files_examples,
            .access = Access::read,
            .result = &catalog_result,
            .event = &catalog_event,
            .in_parts = "files"},
    Command{.name = "search",
            .runs = on_both,
            .summary = "list the contents whose names match",
            .arguments = search_arguments,
            .examples = search_examples,
            .access = Access::read,
            .result = &catalog_result,
            .event = &catalog_event,
            .in_parts = "files"},
    Command{.name = "chunks",
            .runs = on_both,
            .summary = "show who has which chunks of a content, and which are rare",
            .arguments = one_content,
            .examples = chunks_examples,
            .access = Access::read,
            .result = &chunks_result},
    Command{.name = "discover",
            .runs = on_both,
            .summary = "list what a peer shares",
            .arguments = one_peer,
            .examples = discover_examples,
            .access = Access::read,
            .result = &discover_result},
    Command{.name = "ping",
            .runs = on_both,
            .summary = "check whether a peer answers, by which route and how fast",
            .arguments = one_peer,
            .options = ping_options,
            .examples = ping_examples,
            .access = Access::read,
            .result = &ping_result,
            .event = &ping_result,
            .json_events = true},
    Command{.name = "watch",
            .runs = on_both,
            .summary = "print events as they happen, until interrupted",
            .options = watch_options,
            .examples = watch_examples,
            .access = Access::read,
            .event = &event,
            .json_events = true}};

} // namespace p2pd::proto::table
