// files, search, chunks, discover, ping and watch: what the network has, and what happens in it.
#pragma once

#include "proto/commands/words.hpp"
#include "proto/event_kinds.hpp"

namespace p2pd::proto::table {

// Its name and address are "" where it has just gone.
inline constexpr std::array publisher_fields{
    Field{.name = "name", .meaning = "the peer's name; \"\" where it is not known"},
    Field{.name = "id", .type = peer_id, .meaning = "its id"},
    Field{.name = "address",
          .type = address,
          .meaning = "where it can be dialled; \"\" where it is not known"}};
inline constexpr Record publisher{publisher_fields};

inline constexpr std::array catalog_fields = joined(
    content_fields, chunk_fields, chunk_size_fields,
    std::array{
        Field{.name = "sources", .type = integer, .meaning = "how many peers have it whole"},
        Field{.name = "partial",
              .type = integer,
              .meaning = "how many peers have some of its chunks"},
        Field{.name = "publishers",
              .type = object,
              .list = true,
              .record = &publisher,
              .meaning = "who publishes it under this name, 20 at most"},
        Field{.name = "publishers_total", .type = integer, .meaning = "how many there are"}});
inline constexpr Record catalog_row{catalog_fields};
inline constexpr std::array catalog_answer{Field{.name = "files",
                                                 .type = object,
                                                 .list = true,
                                                 .record = &catalog_row,
                                                 .meaning = "a row for each name of each content"},
                                           warning};
inline constexpr Record catalog_result{catalog_answer};
inline constexpr std::array catalog_part{catalog_answer.front()};
inline constexpr Record catalog_event{catalog_part};

inline constexpr std::array files_examples{Example{"p2pctl files", "what there is to fetch"}};

inline constexpr std::array search_arguments{
    Parameter{.name = "pattern", .help = "a part of the name, or a glob", .required = true}};
inline constexpr std::array search_examples{
    Example{"p2pctl search debian", "everything with \"debian\" in its name"},
    Example{"p2pctl search '*.iso'", "every name that ends so"}};

inline constexpr std::array holder_fields{
    Field{.name = "name", .meaning = "the peer's name"},
    Field{.name = "id", .type = peer_id, .meaning = "its id"},
    Field{.name = "have", .type = integer, .meaning = "how many chunks it has"},
    Field{.name = "bitmap_hex",
          .meaning = "which chunks it has, in hexadecimal digits: the first chunk is the top bit "
                     "of the first byte"}};
inline constexpr Record holder{holder_fields};
inline constexpr std::array chunks_fields{
    Field{.name = "content", .type = content_id, .meaning = "the content id"},
    Field{.name = "name", .meaning = "its name"},
    Field{.name = "chunks", .type = integer, .meaning = "how many chunks it has"},
    Field{.name = "rarest",
          .type = integer,
          .meaning = "how many copies there are of the chunk that the fewest peers have"},
    Field{.name = "peers",
          .type = object,
          .list = true,
          .record = &holder,
          .meaning = "who has any of its chunks"},
    warning};
inline constexpr Record chunks_result{chunks_fields};
inline constexpr std::array chunks_examples{
    Example{"p2pctl chunks debian.iso", "how far everybody is, and what is rare"}};

inline constexpr std::array shared_fields =
    joined(content_fields, chunk_fields, chunk_size_fields,
           std::array{Field{.name = "path",
                            .null = "it is not known",
                            .meaning = "where it lies, below the peer's share folder"}});
inline constexpr Record shared{shared_fields};
inline constexpr std::array discover_fields{
    Field{.name = "peer", .type = object, .record = &node, .meaning = "the peer that was meant"},
    Field{.name = "files",
          .type = object,
          .list = true,
          .record = &shared,
          .meaning = "what it shares"},
    warning};
inline constexpr Record discover_result{discover_fields};
inline constexpr std::array discover_examples{
    Example{"p2pctl discover build-07", "its files, and where they lie in its share folder"}};

inline constexpr std::array ping_options{
    Parameter{.name = "count",
              .kind = Kind::count,
              .help = "so many times, 3 unless given, 100 at most",
              .brief = "-c",
              .value = "N"}};
inline constexpr std::array<std::string_view, 2> ways{"direct", "tracker"};
inline constexpr std::array ping_fields{
    Field{.name = "peer", .type = object, .record = &node, .meaning = "the peer that was meant"},
    Field{.name = "alive",
          .type = boolean,
          .meaning = "whether it answers; where it does not, this object comes before the error"},
    Field{.name = "via",
          .type = word,
          .words = ways,
          .null = "it does not answer",
          .meaning = "over a link of its own, or relayed by a tracker"},
    Field{.name = "tracker",
          .type = address,
          .null = "none did",
          .meaning = "the address of the tracker that relayed"},
    Field{.name = "rtt_ms",
          .type = number,
          .unit = Unit::milliseconds,
          .list = true,
          .meaning = "round-trip times, all the way"}};
inline constexpr Record ping_result{ping_fields};
inline constexpr std::array ping_examples{
    Example{"p2pctl ping build-07", "is it there, and how far away"}};

inline constexpr std::array watch_options{
    Parameter{.name = "filter",
              .help = "this kind of event alone; several may be named",
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
          .null = "the event has none",
          .meaning = "who came, published and so on"},
    Field{.name = "file",
          .type = object,
          .record = &event_content,
          .null = "the event has none",
          .meaning = "the content"},
    Field{.name = "transfer",
          .type = integer,
          .null = "the event has none",
          .meaning = "the number of the transfer that ended"},
    Field{.name = "path", .null = "the event has none", .meaning = "where the content went"},
    Field{.name = "error", .null = "the event has none", .meaning = "why the transfer failed"}};
inline constexpr Record event{event_fields};
inline constexpr std::array watch_examples{
    Example{"p2pctl watch", "who comes and goes, what is published and fetched"},
    Example{"p2pctl watch --filter done --filter failed", "how this peer's transfers end"}};

inline constexpr std::array network_commands{
    Command{.name = "files",
            .alias = "list",
            .runs = on_both,
            .summary = "the catalog: every content that can be fetched",
            .examples = files_examples,
            .access = Access::read,
            .result = &catalog_result,
            .event = &catalog_event,
            .in_parts = "files"},
    Command{.name = "search",
            .runs = on_both,
            .summary = "the contents whose name matches",
            .arguments = search_arguments,
            .examples = search_examples,
            .access = Access::read,
            .result = &catalog_result,
            .event = &catalog_event,
            .in_parts = "files"},
    Command{.name = "chunks",
            .runs = on_both,
            .summary = "who has which chunks of a content, and which are rare",
            .arguments = one_content,
            .examples = chunks_examples,
            .access = Access::read,
            .result = &chunks_result},
    Command{.name = "discover",
            .runs = on_both,
            .summary = "what a peer shares",
            .arguments = one_peer,
            .examples = discover_examples,
            .access = Access::read,
            .result = &discover_result},
    Command{.name = "ping",
            .runs = on_both,
            .summary = "whether a peer answers, by which way, and how fast",
            .arguments = one_peer,
            .options = ping_options,
            .examples = ping_examples,
            .access = Access::read,
            .result = &ping_result,
            .event = &ping_result,
            .json_events = true},
    Command{.name = "watch",
            .runs = on_both,
            .summary = "what happens, a line each, until it is interrupted",
            .options = watch_options,
            .examples = watch_examples,
            .access = Access::read,
            .event = &event,
            .json_events = true}};

} // namespace p2pd::proto::table
