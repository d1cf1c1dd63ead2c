// Settings: counters beside the fields that have a limit.
import { counters } from "./counters.js";

counters(document);
