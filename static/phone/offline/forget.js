/* On the login page nobody is logged in, so no copy of anybody's page stays on this phone. */
import { leaveVaults } from "../vault/keys.js";
import { forgetPages } from "./copies.js";

if ("caches" in self) forgetPages();
if ("indexedDB" in self) leaveVaults();
